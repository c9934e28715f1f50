import { compare, subtract, sum, ZERO } from '@core/kernel/decimal';
import { isClosed, type BookPosition } from '@core/projections/broker-book/state';
import { dealFacts } from '../facts/deal-facts.ts';
import { isOpenedAlike, type OpeningTerms } from '../facts/position-facts.ts';
import type { DealReport, PositionReport } from '../report.ts';
import { orderByMark, tellOpened, wholeOf } from './opened.ts';
import type { Reconciliation } from './reconciliation.ts';

/** More parts than a position falls into while nobody listens: beyond them no way to put them together is looked for. */
const PARTS_MAX = 12;

/** What the snapshot has under one number that the book does not have: closing deals, a rest that stands, or both. */
interface Part {
  readonly number: string;
  readonly deals: readonly DealReport[];
  readonly rest: PositionReport | null;
}

/**
 * Positions of the book that the broker closed in part, and numbered anew each time, while nobody listened. The records
 * in between do not say what they went on from: what was opened at one moment at one price, and adds up, is one position.
 */
export function tellRenumbered(reconciliation: Reconciliation): void {
  const { tracker, positions } = reconciliation;
  for (const [number, known] of Object.entries(tracker.book.positions)) {
    if (positions.has(number)) continue;
    const parts = continuationOf(reconciliation, number, known);
    if (parts) tellContinued(reconciliation, { number, parts });
  }
  for (const rest of positions.values()) tellFirst(reconciliation, rest);
}

/** What stands goes on from deals of a position that the book never had: it opened meanwhile too, with all of it. */
function tellFirst(reconciliation: Reconciliation, rest: PositionReport): void {
  const { tracker, continued } = reconciliation;
  const { position, origin } = rest;
  const { book } = tracker;
  if (book.positions[position] || isClosed(book, position) || continued.has(position)) return;
  const [closed, standing] = split(partsLike(reconciliation, rest));
  const goesOn = closed.some(
    ({ number, deals }) => number === origin || deals.some(({ request }) => request === origin),
  );
  const [first] = closed;
  const last = closed.at(-1)?.deals.at(-1);
  // Of several that stand nobody can say which deals are whose.
  if (!goesOn || standing.length > 1 || !first || !last || !reconciliation.isOurs(last)) return;
  if (reconciliation.isNewer(position)) {
    for (const { number } of [...closed, ...standing]) continued.add(number);
    reconciliation.lookAgain = true;
    return;
  }
  const whole = wholeOf([...standing.flatMap(lotsIn), ...closed.flatMap(lotsIn)]);
  const opening = { ...rest, position: first.number, origin: null, ...whole };
  if (tellOpened(reconciliation, opening, orderByMark(tracker, last)) && book.positions[first.number])
    tellContinued(reconciliation, { number: first.number, parts: [...closed.slice(1), ...standing] });
}

interface Continued {
  /** The number that the book has. */
  readonly number: string;
  readonly parts: readonly Part[];
}

function tellContinued(reconciliation: Reconciliation, { number, parts }: Continued): void {
  const { tracker, observation, now, continued } = reconciliation;
  const { memory } = tracker;
  for (const part of parts) continued.add(part.number);
  continued.add(number);
  if ([number, ...parts.map((part) => part.number)].some((each) => reconciliation.isNewer(each))) {
    reconciliation.lookAgain = true;
    return;
  }
  const rest = parts.find((part) => part.rest)?.rest ?? null;
  const streamed = memory.deals.get(number);
  for (const deal of [...reconciliation.untoldDeals(number), ...parts.flatMap(({ deals }) => deals)])
    memory.addDeal(deal, now.ms, number);
  if (rest) memory.remainders.set(number, rest);
  const { facts, waitFor } = dealFacts(tracker, number, memory.deals.get(number) ?? [], observation);
  if (waitFor !== undefined) reconciliation.lookAgain = true;
  else if (tracker.tell(facts).length === 0) {
    memory.replaceDeals(number, streamed);
    memory.remainders.delete(number);
  }
}

/** The parts that make up what the book's position lost, oldest first; null where there are none, or nothing was closed. */
function continuationOf(reconciliation: Reconciliation, number: string, known: BookPosition): readonly Part[] | null {
  const own = reconciliation.untoldDeals(number);
  const lost = subtract(known.volumeLots, sum(own.map(({ volumeLots }) => volumeLots)));
  if (compare(lost, ZERO) <= 0) return null;
  const found = adding(partsLike(reconciliation, known), lost);
  return found && own.length + found.flatMap(({ deals }) => deals).length > 0 ? found : null;
}

function partsLike(reconciliation: Reconciliation, known: OpeningTerms): readonly Part[] {
  const { tracker, positions, dealsOf, continued } = reconciliation;
  const { book } = tracker;
  const isUnknown = (number: string): boolean =>
    !book.positions[number] && !isClosed(book, number) && !continued.has(number);
  const isLike = (opening: OpeningTerms): boolean => isOpenedAlike(known, opening);
  const numbers = new Set([...dealsOf.keys(), ...positions.keys()].filter(isUnknown));
  return [...numbers]
    .map((number): Part => ({ number, deals: dealsOf.get(number) ?? [], rest: positions.get(number) ?? null }))
    .filter(({ deals, rest }) => [...deals.map(openingOfDeal), ...(rest ? [rest] : [])].every(isLike))
    .sort((one, other) => (endOf(one) < endOf(other) ? -1 : 1))
    .slice(0, PARTS_MAX);
}

const openingOfDeal = ({ instrument, side, openPrice: price, openedAt }: DealReport): OpeningTerms => ({
  instrument,
  side,
  price,
  openedAt,
});

const split = (parts: readonly Part[]): readonly [closed: readonly Part[], standing: readonly Part[]] => [
  parts.filter(({ rest }) => rest === null),
  parts.filter(({ rest }) => rest !== null),
];

const lotsIn = ({ deals, rest }: Part) => [...deals, ...(rest ? [rest] : [])];

/** What stands comes last. */
const endOf = ({ deals, rest }: Part): string => (rest ? '~' : (deals[0]?.closedAt ?? ''));

/** Parts whose volumes are exactly so much, at most one of which stands. */
function adding(parts: readonly Part[], lost: PositionReport['volumeLots']): readonly Part[] | null {
  if (lost === ZERO) return [];
  for (const [index, part] of parts.entries()) {
    const { rest } = part;
    const lots = sum(lotsIn(part).map(({ volumeLots }) => volumeLots));
    if (compare(lots, lost) > 0) continue;
    const others = adding(rest ? [] : parts.slice(index + 1), subtract(lost, lots));
    if (others) return [part, ...others];
  }
  return null;
}
