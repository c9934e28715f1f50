import type { AmendmentTerms } from '@core/contracts/events/request';
import type {
  ContractTerms,
  Decimal,
  Instant,
  Instrument,
  PositionId,
  RequestId,
  Side,
} from '@core/contracts/primitives';
import { daysFrom, instantFromMs, toMs } from '@core/kernel/instant';
import { isFinal, type Asked, type Note, type Ticket } from './ticket.ts';

/** Most final orders, and most closed positions, that a session keeps in view; older ones are in the history. */
export const SESSION_FINALS_MAX = 500;

export interface SessionPosition {
  readonly id: PositionId;
  readonly instrument: Instrument;
  readonly contract: ContractTerms;
  readonly side: Side;
  readonly price: Decimal;
  readonly openedAt: Instant;
  lots: Decimal;
  /** Costs of what is open, of all its deals once it is closed; negative. */
  swap: Decimal;
  commission: Decimal;
  /** Costs of its deals so far. */
  dealt: { readonly swap: Decimal; readonly commission: Decimal };
  note: Note | null;
  /** When the log recorded its end; null while it is open. */
  closedAt: Instant | null;
}

/** The bracket that protects now, and how many were made before: its number is part of its id. */
interface Guard {
  live: string | null;
  made: number;
}
export type Guards = Readonly<Record<'stop-loss' | 'take-profit', Guard>>;

/** A fill as the chart marks it. */
export interface Execution {
  readonly id: string;
  readonly ticketId: string;
  readonly positionId: PositionId;
  readonly instrument: Instrument;
  readonly contract: ContractTerms;
  readonly side: Side;
  readonly lots: Decimal;
  readonly price: Decimal;
  readonly at: Instant;
  readonly isClose: boolean;
  /** Account currency, as the broker adds it: costs are negative. */
  readonly commission: Decimal;
}

interface UnderWay {
  readonly what: Asked;
  readonly target: string;
  /** Of an amendment: what its target is to be. */
  readonly terms: AmendmentTerms | null;
}

/** What one account's user sees in a session: orders, brackets, closings and positions, the finished ones for a day. */
export interface TradingSession {
  readonly tickets: Record<string, Ticket>;
  readonly positions: Record<PositionId, SessionPosition>;
  /** By id of the order or position that is protected. */
  readonly guards: Record<string, Guards>;
  /** Amendments, cancellations and closings under way, and the order or position they aim at, oldest first. */
  readonly requests: Record<RequestId, UnderWay>;
  /** Oldest first. */
  readonly finals: { readonly id: string; readonly at: Instant }[];
  readonly closed: { readonly id: PositionId; readonly at: Instant }[];
  /** What the last event finished or filled: the rows that it adds to the history. */
  latest: { readonly tickets: string[]; readonly executions: Execution[] };
  /** Whether the broker is known to be out of reach: its session was lost and none has begun since. */
  isCutOff: boolean;
  /** When the log recorded the last event. The session is measured in this clock: brokers' clocks jump. */
  now: Instant;
}

/** A book as its readers get it: alive, and not theirs to change. */
export type Screen = Pick<TradingSession, 'tickets' | 'positions' | 'guards' | 'requests'> & {
  readonly finals: readonly TradingSession['finals'][number][];
  readonly closed: readonly TradingSession['closed'][number][];
};

export const emptyBook = (): TradingSession => ({
  tickets: {},
  positions: {},
  guards: {},
  requests: {},
  finals: [],
  closed: [],
  latest: { tickets: [], executions: [] },
  isCutOff: false,
  now: instantFromMs(0),
});

/** The ticket of that id; ids may come from outside, so what every object inherits is not one. */
export const ticketOf = (book: Pick<TradingSession, 'tickets'>, id: string): Ticket | null =>
  Object.hasOwn(book.tickets, id) ? (book.tickets[id] ?? null) : null;

export const positionOf = (book: Pick<TradingSession, 'positions'>, id: string): SessionPosition | null =>
  Object.hasOwn(book.positions, id) ? (book.positions[id] ?? null) : null;

/** What an order or a position is to be, as the user last said and the broker has not done yet; null where nothing is. */
export const pendingTermsOf = ({ requests }: Pick<TradingSession, 'requests'>, target: string): AmendmentTerms | null =>
  Object.values(requests).findLast((each) => each.terms !== null && each.target === target)?.terms ?? null;

/** What finished before this moment is no longer shown: a session is a day, as for every market that never closes. */
export const sessionStart: (now: Instant) => Instant = daysFrom(-1);
const shownUntil = daysFrom(1);

export const isOpenPosition = ({ closedAt }: SessionPosition): boolean => closedAt === null;

/** One that is not closed. */
export function openPositionOf(book: Pick<TradingSession, 'positions'>, id: string): SessionPosition | null {
  const position = positionOf(book, id);
  return position && isOpenPosition(position) ? position : null;
}

/** When the next final order or closed position leaves the screen, in milliseconds; Infinity if there is none. */
export const nextToVanishMs = ({ finals, closed }: Screen): number =>
  Math.min(...[finals[0], closed[0]].map((next) => (next ? toMs(shownUntil(next.at)) : Infinity)));

/** Ends a ticket's life, once: later news about it change nothing. */
export function finish(
  book: TradingSession,
  ticket: Ticket,
  status: 'filled' | 'cancelled' | 'rejected',
  at: Instant,
  note: Note | null = null,
): void {
  if (isFinal(ticket)) return;
  ticket.status = status;
  ticket.changedAt = at;
  ticket.finishedAt = book.now;
  ticket.note = note;
  book.finals.push({ id: ticket.id, at: book.now });
  book.latest.tickets.push(ticket.id);
}

/** Turns to the next event: forgets what finished more than a session ago, and the oldest of too many. */
export function advance(book: TradingSession, now: Instant): void {
  book.now = now;
  book.latest = { tickets: [], executions: [] };
  if (book.finals.length === 0 && book.closed.length === 0) return;
  const before = sessionStart(now);
  for (const { id } of takeOld(book.finals, before)) forget(book, book.tickets, id);
  for (const { id } of takeOld(book.closed, before)) forget(book, book.positions, id);
}

/** The count of its brackets goes with the parent, not before: an id must not come back. */
function forget(book: TradingSession, from: Record<string, unknown>, id: string): void {
  delete from[id];
  delete book.guards[id];
}

function takeOld<Dated extends { readonly at: Instant }>(queue: Dated[], before: Instant): Dated[] {
  const surplus = queue.length - SESSION_FINALS_MAX;
  const young = queue.findIndex(({ at }, index) => index >= surplus && at >= before);
  return young === 0 ? [] : queue.splice(0, young === -1 ? queue.length : young);
}
