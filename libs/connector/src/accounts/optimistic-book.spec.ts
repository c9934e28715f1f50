import { anEvent, exampleAccount, recorded } from '@core/contracts/examples.fixture';
import type { Event } from '@core/contracts/event';
import { brokerBook } from '@core/projections/broker-book/fold';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { OptimisticBook } from './optimistic-book.ts';

const NOW = { ms: 0, at: '2026-01-05T10:00:00.000000Z' };

function believing(...past: readonly Event[]) {
  const sent: Event[] = [];
  const book = (): BrokerBook => {
    const state = brokerBook.initial();
    for (const event of recorded([anEvent('AccountRegistered'), ...past])) brokerBook.evolve(state, event);
    return state;
  };
  const optimistic = new OptimisticBook(book(), {
    ...{ account: exampleAccount, source: 'spec', graceMs: 1, raceMs: 1, contractOf: () => null, now: () => NOW },
    intake: { send: (_, events) => void sent.push(...events) },
    onTold: () => undefined,
  });
  return { optimistic, sent, book };
}

describe('what a connector believes of an account', () => {
  it('begins anew from the log where that was told otherwise than it is, whatever seemed to be on its way', () => {
    const { optimistic, sent, book } = believing();
    optimistic.say({ type: 'AccountSessionOpened', data: { connector: 'spec' } });
    const [never] = recorded([anEvent('PositionOpened')]);
    if (never) optimistic.learn(never, NOW);
    expect(Object.keys(optimistic.tracker.book.positions)).toHaveLength(1);
    expect([sent.length, optimistic.hasDiverged]).toEqual([1, false]);

    optimistic.rewound();
    expect(optimistic.hasDiverged).toBe(true);
    optimistic.rebase(book());
    expect(optimistic.tracker.book.positions).toEqual({});
    expect([optimistic.hasDiverged, optimistic.tracker.wantsSnapshot]).toEqual([false, true]);
  });

  it('begins anew where the log refused one of its events, once all others have returned', () => {
    const { optimistic, sent } = believing();
    optimistic.say({ type: 'AccountSessionOpened', data: { connector: 'spec' } });
    optimistic.say({ type: 'AccountSessionLost', data: { connector: 'spec', reason: 'x' } });
    const [one, other] = sent;
    optimistic.refused(one?.id ?? '');
    expect(optimistic.hasDiverged).toBe(false);
    for (const event of recorded(other ? [other] : [])) optimistic.learn(event, NOW);
    expect(optimistic.hasDiverged).toBe(true);
  });
});
