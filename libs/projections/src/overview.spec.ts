import { recorded } from '@core/contracts/examples.fixture';
import { fold } from '@core/kernel/projection';
import fc from 'fast-check';
import { accountState } from './account.ts';
import { anyHistory } from './histories.fixture.ts';
import { accountOrders } from './orders.ts';
import { accountOverview, overviewHash } from './overview.ts';
import { accountPositions } from './positions.ts';
import { openRequests } from './requests.ts';
import { accountStrategies } from './strategies.ts';

const anyEvents = anyHistory().map((history) =>
  recorded(history.map((event) => ({ ...event, subject: history[0]?.subject ?? '' }))),
);

describe('an overview', () => {
  it('is what the folds of the services say, at every moment', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat({ max: 100 }), (history, cut) => {
        const events = history.slice(0, cut);
        expect(fold(accountOverview, events)).toEqual({
          account: fold(accountState, events),
          positions: fold(accountPositions, events),
          orders: fold(accountOrders, events),
          requests: fold(openRequests, events),
          strategies: fold(accountStrategies, events),
        });
      }),
    );
  });

  it('has one hash, whether it was folded at once or went on from a copy, and another after each event', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat({ max: 100 }), (events, cut) => {
        const copied = structuredClone(fold(accountOverview, events.slice(0, cut)));
        const whole = overviewHash('a', fold(accountOverview, events));
        expect(overviewHash('a', fold(accountOverview, events.slice(cut), copied))).toBe(whole);
        expect(overviewHash('b', fold(accountOverview, events))).not.toBe(whole);
        if (events.length > 0) expect(overviewHash('a', fold(accountOverview, events.slice(0, -1)))).not.toBe(whole);
      }),
    );
  });
});
