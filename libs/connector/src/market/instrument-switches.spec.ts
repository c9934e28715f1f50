import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { fold } from '@core/kernel/projection';
import { present } from '@core/kernel/present';
import { brokerBook } from '@core/projections/broker-book/fold';
import { ManualClock } from '@core/testing/manual-clock';
import { InstrumentSwitches } from './instrument-switches.ts';

const ORDER = exampleId(0x0d1);
const CLOSE = exampleId(0x4e9);

describe('an instrument', () => {
  let clock: ManualClock;
  let switches: InstrumentSwitches;
  beforeEach(() => {
    clock = new ManualClock();
    switches = new InstrumentSwitches(clock);
    const book = fold(brokerBook, [
      anEvent('PositionOpened'),
      anEvent('OrderRequested', { orderId: ORDER }),
      anEvent('CloseRequested', { requestId: CLOSE }),
    ]);
    for (const id of [ORDER, CLOSE]) switches.asks(present(book.requests[id], 'it was asked'), book);
  });
  const rejected = (requestId: string, reason: 'instrument-disabled' | 'off-quotes') =>
    switches.told([anEvent('RequestRejected', { requestId, reason })]);

  it.each([ORDER, CLOSE])('is off when its broker said so to a request in it (%#), and to that alone', (requestId) => {
    rejected(requestId, 'off-quotes');
    rejected(exampleId(1), 'instrument-disabled');
    expect(switches.isOff('EURUSD')).toBe(false);
    rejected(requestId, 'instrument-disabled');
    expect([switches.isOff('EURUSD'), switches.isOff('GOLD')]).toEqual([true, false]);
  });

  it('is on again with the next request that is taken, or when nobody has asked for long', async () => {
    rejected(ORDER, 'instrument-disabled');
    switches.told([anEvent('RequestAccepted', { requestId: CLOSE })]);
    expect(switches.isOff('EURUSD')).toBe(false);
    rejected(ORDER, 'instrument-disabled');
    await clock.advance(600_000);
    expect(switches.isOff('EURUSD')).toBe(false);
  });
});
