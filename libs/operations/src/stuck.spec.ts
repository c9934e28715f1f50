import type { BrokerLook, StandingAtBroker } from '@core/contracts/broker-look';
import { exampleNow } from '@core/contracts/command-examples.fixture';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId, recorded } from '@core/contracts/examples.fixture';
import { fold } from '@core/kernel/projection';
import { accountOverview } from '@core/projections/overview';
import { brokersView, stuckRequests } from './stuck.ts';

const order = exampleId(0x0d1);
const close = exampleId(0xc105e);
const nowMs = Date.parse(exampleNow) + 60_000;

const stuckAfter = (events: readonly Event[], waitedMs: number) =>
  stuckRequests(exampleAccount, fold(accountOverview, recorded(events)), { nowMs, waitedMs });

const requested = anEvent('OrderRequested');
const doubted = [requested, anEvent('RequestDispatched'), anEvent('RequestOutcomeUnknown')];

describe('what should have an outcome by now', () => {
  it('is what nobody knows the outcome of, at once, and what has waited too long', () => {
    expect(stuckAfter([requested], 60_000)).toEqual([]);
    expect(stuckAfter([requested], 59_999)).toMatchObject([{ request: { id: order }, attempts: 0 }]);
    const [unknown] = stuckAfter(doubted, 3_600_000);
    expect(unknown).toMatchObject({ attempts: 1, next: expect.stringContaining(`orders resolve ${order}`) });
    expect(stuckAfter([...doubted, anEvent('RequestAccepted')], 0)).toEqual([]);
  });

  it('is shown beside what the broker shows of it: by our mark, or by its number of what is changed', () => {
    const events = [
      ...doubted,
      anEvent('PositionOpened', { orderId: null }),
      anEvent('CloseRequested', { requestId: close }),
    ];
    const overview = fold(accountOverview, recorded(events));
    const stands = { instrument: 'EURUSD', side: 'buy', volumeLots: '0.1', price: '1.1' } as const;
    const seen = (id: string, look: BrokerLook) => {
      const request = overview.requests[id];
      return request && brokersView(request, overview, look);
    };
    const looked = (...standing: readonly StandingAtBroker[]): BrokerLook => ({
      ...{ ok: true, at: exampleNow, connector: 'c#1', outcome: 'clean', positions: 1, orders: 0, facts: 0 },
      ...{ drifts: [], standing: [...standing] },
    });
    const marked = looked({ ...stands, kind: 'position', brokerKey: '7', requestId: order });
    expect(seen(order, marked)).toBe('position 7: buy 0.1 EURUSD at 1.1');
    expect(seen(order, looked())).toBe('nothing that bears its mark');
    const numbered = looked({ ...stands, kind: 'position', brokerKey: '500000107', requestId: null });
    expect(seen(close, numbered)).toBe('position 500000107: buy 0.1 EURUSD at 1.1');
    expect(seen(close, looked())).toBe('position 500000107 does not stand any more');
    expect(seen(close, { ok: false, reason: 'not-connected', text: 'no session' })).toBe('not asked: no session');
  });
});
