import type { Event } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { verdictOf } from './verdict.ts';

const [order, position, signal] = [exampleId(0x0d1), exampleId(0x905), exampleId(0x519)];
const verdict = (id: string, ...events: readonly Event[]) => verdictOf(id, recorded(events));

describe('why something is as it is', () => {
  it('is said by the last event that decides on it', () => {
    const refused = anEvent('CommandRefused', { requestId: order, omitted: 3 });
    expect(verdict(order, refused)).toBe(
      'We refused it: limit order-volume of account: 5 allowed, 10 found (3 refusals of this account before it were too many to be kept).',
    );
    const requested = anEvent('OrderRequested');
    expect(verdict(order, requested)).toBeNull();
    expect(verdict(order, requested, anEvent('RequestRejected'))).toContain('insufficient-funds, Not enough money');
    const notSent = anEvent('RequestExpired', { cause: 'trading-halted' });
    expect(verdict(order, requested, notSent)).toBe('It was never sent: trading-halted.');
    expect(verdict(order, requested, anEvent('OrderFilled'))).toBe('It was filled at 1.1.');
  });

  it('tells why a position is gone', () => {
    const opened = anEvent('PositionOpened');
    expect(verdict(position, opened)).toBeNull();
    const stoppedOut = anEvent('PositionClosed', { reason: 'stop-out', profit: '-90', inferred: true });
    expect(verdict(position, opened, stoppedOut)).toBe(
      'It was closed at 1.101 with a profit of -90: the broker closed it for want of margin; nobody listened then, it was found by comparing with the broker.',
    );
    expect(verdict(exampleId(0xbad), opened, stoppedOut)).toBeNull();
  });

  it('tells why a signal did not trade', () => {
    const received = anEvent('SignalReceived');
    expect(verdict(signal, received, anEvent('SignalRefused'))).toBe('It did not trade (signal): unknown-ticker.');
    expect(verdict(signal, anEvent('CommandRefused', { signalId: signal, breach: null, reason: 'close-only' }))).toBe(
      'We refused it: close-only.',
    );
    expect(verdict(signal, received, anEvent('SignalExecuted', { superseded: true }))).toContain('overtook it');
  });
});
