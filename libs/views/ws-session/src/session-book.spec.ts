import { anEvent, exampleId, exampleTypes, recorded } from '@core/contracts/examples.fixture';
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

  it('is saved small however much has ended in it, and tells every end as if it were the first', () => {
    const book = sessionBook.initial();
    for (const event of recorded([anEvent('AccountRegistered')])) sessionBook.evolve(book, event);
    const tellings = Array.from({ length: 300 }, (_, n) => {
      const [orderId, positionId] = [exampleId(0x1000 + n), exampleId(0x2000 + n)];
      const closed = anEvent('PositionClosed', { positionId });
      const operation = { type: 'trading', delta: '10', reference: positionId, comment: null } as const;
      const ours = [
        anEvent('OrderWorking', { orderId }),
        anEvent('OrderFilled', { orderId, positionId }),
        anEvent('PositionOpened', { orderId, positionId }),
        closed,
        anEvent('BalanceChanged', { operation }, { causationid: closed.id }),
      ];
      return recorded(ours).flatMap((event) => {
        sessionBook.evolve(book, event);
        return book.told.map(({ of, what }) => `${of} ${what}`);
      });
    });
    const every = ['pending created', 'pending executed', 'position created', 'position closed', 'account updated'];
    expect(tellings).toEqual(tellings.map(() => every));
    expect(JSON.stringify(book).length).toBeLessThan(100_000);
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
