import type { Event } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import fc from 'fast-check';
import { sessionBook } from './session-book.ts';

const positions = [1, 2, 3, 4] as const;
type Which = (typeof positions)[number];
const idOf = (n: Which) => exampleId(0x9000 + n);

const opened = (n: Which): Event => anEvent('PositionOpened', { positionId: idOf(n), brokerPosition: String(n) });
const stopped = (n: Which, profit: `${number}` = '-5'): Event =>
  anEvent('PositionClosed', { positionId: idOf(n), reason: 'stop-out', profit, requestId: null });
const booked = (n: Which): Event =>
  anEvent('BalanceChanged', { operation: { type: 'trading', delta: '-5', reference: idOf(n), comment: null } });
const marked = anEvent('EquityMarked');

/** What a session hears after four positions stand: `closed 1`, `money 1`. */
function heard(...events: readonly Event[]): string[] {
  const book = sessionBook.initial();
  const standing = [anEvent('AccountRegistered'), ...positions.map(opened)];
  return recorded([...standing, ...events]).flatMap((event, index) => {
    sessionBook.evolve(book, event);
    if (index < standing.length) return [];
    return book.told.map((change) => {
      if (change.of === 'position') return `closed ${change.position.brokerPosition}`;
      const about = event.type === 'BalanceChanged' ? event.data.operation?.reference : undefined;
      return `money ${positions.find((n) => idOf(n) === about) ?? 'of none'}`;
    });
  });
}

describe('a stop-out of several positions', () => {
  it('is told position by position, each with its money, though the broker closed all of them first', () => {
    expect(heard(stopped(1), stopped(2), stopped(3), booked(1), booked(2), booked(3))).toEqual([
      ...['closed 1', 'money 1', 'closed 2', 'money 2', 'closed 3', 'money 3'],
    ]);
  });

  it('is told as it comes where the money comes in between', () => {
    const events = [stopped(1), booked(1), stopped(2), booked(2)];
    expect(heard(...events)).toEqual(['closed 1', 'money 1', 'closed 2', 'money 2']);
  });

  it('waits for no money where none moves', () => {
    expect(heard(anEvent('PositionClosed', { ...closedForNothing(1) }), stopped(2), stopped(3), booked(2))).toEqual([
      ...['closed 1', 'closed 2', 'money 2', 'closed 3'],
    ]);
  });

  it('is told wholly as soon as anything else happens to the account', () => {
    expect(heard(stopped(1), stopped(2), stopped(3), marked, booked(1))).toEqual([
      ...['closed 1', 'closed 2', 'closed 3', 'money 1'],
    ]);
  });

  it('is told before money of it that comes too early, and is not held up by money of anything else', () => {
    expect(heard(stopped(1), stopped(2), booked(2))).toEqual(['closed 1', 'closed 2', 'money 2']);
    expect(heard(stopped(1), stopped(2), booked(4), booked(1))).toEqual([
      ...['closed 1', 'money 4', 'money 1', 'closed 2'],
    ]);
  });

  it('tells every close once, and before its money, whatever comes in whatever order', () => {
    const anything = fc.array(
      fc.oneof(
        fc.constantFrom(...positions).map((n) => stopped(n)),
        fc.constantFrom(...positions).map((n) => stopped(n, '0')),
        fc.constantFrom(...positions).map(booked),
        fc.constant(marked),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(anything, (events) => {
        const told = heard(...events, marked);
        const closed = (event: Event): number[] =>
          event.type === 'PositionClosed' ? [positions.findIndex((n) => idOf(n) === event.data.positionId) + 1] : [];
        const inOrder = [...new Set(events.flatMap(closed))].map((n) => `closed ${n}`);
        expect(told.filter((each) => each.startsWith('closed'))).toEqual(inOrder);
        expect(told.filter((each) => each.startsWith('money'))).toHaveLength(
          events.filter(({ type }) => type === 'BalanceChanged').length,
        );
      }),
      { numRuns: 300 },
    );
  });
});

const closedForNothing = (n: Which) =>
  ({ positionId: idOf(n), reason: 'stop-out', profit: '0', swap: '0', commission: '0', requestId: null }) as const;
