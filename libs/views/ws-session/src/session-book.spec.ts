import { anEvent, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import { RequestKind } from '@core/contracts/events/request';
import type { Event } from '@core/contracts/event';
import fc from 'fast-check';
import { isPending, sessionBook, type SessionBook } from './session-book.ts';

describe('an account', () => {
  it('counts up by one per message, so that a hole can be seen', () => {
    const book = sessionBook.initial();
    const numbers = recorded([
      anEvent('AccountRegistered'),
      anEvent('AccountUpdated'),
      anEvent('OrderRequested'),
      anEvent('OrderWorking'),
      anEvent('EquityMarked'),
      anEvent('PositionOpened'),
    ]).flatMap((event) => {
      sessionBook.evolve(book, event);
      return book.told.map(() => book.sequence);
    });
    expect(numbers).toEqual([1, 2, 3, 4]);
  });

  const standing = ({ orders, positions }: SessionBook): string[] => [
    ...Object.values(orders.orders)
      .filter(isPending)
      .map(({ id }) => `pending ${id}`),
    ...Object.values(positions.positions)
      .filter(({ status }) => status === 'open')
      .map(({ id }) => `position ${id}`),
  ];
  const anyEvent = fc
    .tuple(fc.constantFrom(...exampleTypes), fc.constantFrom(...RequestKind.options), fc.boolean())
    .map(([type, kind, executed]): Event => {
      const event: Event = anEvent(type);
      const about = 'requestId' in event.data && 'kind' in event.data ? { kind } : {};
      const told = 'executed' in event.data ? { executed } : {};
      return { ...event, data: { ...event.data, ...about, ...told } } as Event;
    });

  it('tells whatever begins to stand or stands no more, and nothing else as such', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const book = sessionBook.initial();
        // Whose claim it is decides the ledger; a log with others is none of ours.
        const legal = events.filter(({ type }) => type !== 'RequestDispatched');
        let before = standing(book);
        for (const event of recorded([anEvent('AccountRegistered'), ...legal])) {
          sessionBook.evolve(book, event);
          const now = standing(book);
          const changed = [
            ...before.filter((each) => !now.includes(each)),
            ...now.filter((each) => !before.includes(each)),
          ];
          const told = book.told.flatMap((change) =>
            change.of === 'account' || change.what === 'updated'
              ? []
              : [change.of === 'position' ? `position ${change.position.id}` : `pending ${change.id}`],
          );
          expect(told).toEqual(changed);
          before = now;
        }
      }),
      { numRuns: 300 },
    );
  });
});
