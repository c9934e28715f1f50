import type { EventBody } from '@core/contracts/event';
import type { Decimal, Instant, OrderId } from '@core/contracts/primitives';
import { compare } from '@core/kernel/decimal';
import { orderAsParent, protect, release } from './brackets.ts';
import { finish, ticketOf, type TradingSession } from './session-state.ts';
import { isWaiting, waitingNote } from './waiting.ts';
import { addFill, isFinal, isFullyFilled, newTicket, type Note, type Ticket } from './ticket.ts';

type Requested = EventBody<'OrderRequested'>['data'];
type Terms = Pick<Requested, Exclude<keyof Requested & keyof EventBody<'OrderWorking'>['data'], 'trailingPoints'>> & {
  readonly trailingPoints?: number | null | undefined;
  readonly reverses?: Requested['reverses'];
  readonly slippagePercent?: Requested['slippagePercent'];
};

/** Once: whatever comes under a known id is no new order. */
export function orderRequested(book: TradingSession, data: Terms, at: Instant): void {
  if (currentOrder(book, data.orderId)) return;
  openTicket(book, data, 'placing', at);
  const ticket = liveOrder(book, data.orderId);
  if (ticket) ticket.note = waitingNote(book, 'order');
}

/** The broker took it: a pending order will stand, a market order will fill. */
export function orderAccepted(book: TradingSession, orderId: string, at: Instant): void {
  const ticket = liveOrder(book, orderId);
  if (ticket) toWorking(ticket, at);
}

/**
 * Also how we first hear of an order that was placed elsewhere.
 * One that failed by our account and stands at the broker after all must be seen, or nobody could cancel it.
 */
export function orderWorking(book: TradingSession, data: Terms, at: Instant): void {
  const known = currentOrder(book, data.orderId);
  if (!known) openTicket(book, data, 'working', at);
  else if (failedByOurAccount(known)) revive(book, known, data.volumeLots, at);
  const ticket = liveOrder(book, data.orderId);
  if (!ticket) return;
  toWorking(ticket, at);
  setTerms(book, ticket, data, at);
}

export function orderAmended(book: TradingSession, data: EventBody<'OrderAmended'>['data'], at: Instant): void {
  const ticket = liveOrder(book, data.orderId);
  if (ticket) setTerms(book, ticket, data, at);
}

/**
 * An order we never saw has no ticket: the position it became will make one.
 * A fill is money: it is shown even where the order was taken for dead.
 */
export function orderFilled(book: TradingSession, data: EventBody<'OrderFilled'>['data'], at: Instant): void {
  const known = currentOrder(book, data.orderId);
  if (known && isFinal(known) && known.status !== 'filled') revive(book, known, data.volumeLots, at);
  const ticket = liveOrder(book, data.orderId);
  if (!ticket) return;
  addFill(ticket, data.volumeLots, data.price, at);
  if (ticket.note?.about !== 'revived') ticket.note = null;
  if (isFullyFilled(ticket)) finish(book, ticket, 'filled', at, ticket.note);
  else toWorking(ticket, at);
}

/** The end of an order that did not, or not wholly, fill. */
export function orderEnded(
  book: TradingSession,
  orderId: string,
  status: 'cancelled' | 'rejected',
  note: Note | null,
  at: Instant,
): void {
  const ticket = liveOrder(book, orderId);
  if (!ticket) return;
  finish(book, ticket, status, at, isHalfReversed(book, ticket, note) ? { about: 'half-reversed', why: note } : note);
  release(book, ticket.id, at);
}

/** The broker has closed, or is closing, the position that this was to be the other side of. */
function isHalfReversed(book: TradingSession, { follows }: Ticket, note: Note | null): note is Note {
  const closing = follows === null ? null : ticketOf(book, follows);
  return note !== null && (closing?.status === 'working' || closing?.status === 'filled');
}

/** An operator says that it was executed: a market order is done, a pending one stands. */
export function orderResolvedAsExecuted(book: TradingSession, orderId: string, note: Note, at: Instant): void {
  const ticket = liveOrder(book, orderId);
  if (!ticket) return;
  if (ticket.type === 'market') finish(book, ticket, 'filled', at, note);
  else toWorking(ticket, at);
}

function openTicket(book: TradingSession, terms: Terms, status: 'placing' | 'working', at: Instant): void {
  const ticket = newTicket(
    {
      id: terms.orderId,
      orderId: terms.orderId,
      follows: terms.reverses?.closeId ?? null,
      kind: 'order',
      instrument: terms.instrument,
      contract: terms.contract,
      side: terms.side,
      type: terms.kind,
      lots: terms.volumeLots,
      price: terms.price,
      expiresAt: terms.expiresAt,
      slippagePercent: terms.slippagePercent ?? null,
      status,
    },
    at,
  );
  book.tickets[ticket.id] = ticket;
  protect(book, orderAsParent(ticket), terms, at);
}

type Changes = Pick<EventBody<'OrderAmended'>['data'], 'stopLoss' | 'takeProfit' | 'expiresAt'> &
  Pick<Ticket, 'price'> &
  Pick<Terms, 'trailingPoints'>;

function setTerms(book: TradingSession, ticket: Ticket, terms: Changes, at: Instant): void {
  if (ticket.price !== terms.price || ticket.expiresAt !== terms.expiresAt) ticket.changedAt = at;
  ticket.price = terms.price;
  ticket.expiresAt = terms.expiresAt;
  // Once all of it has become positions its brackets are theirs, and late news of the order touches them no more.
  if (compare(ticket.openedLots, ticket.lots) < 0) protect(book, orderAsParent(ticket), terms, at);
}

function toWorking(ticket: Ticket, at: Instant): void {
  ticket.note = ticket.note?.about === 'unknown' || isWaiting(ticket) ? null : ticket.note;
  if (ticket.status === 'working') return;
  ticket.status = 'working';
  ticket.changedAt = at;
}

/** The ticket that shows our order now. */
export const currentOrder = (book: TradingSession, orderId: OrderId): Ticket | null =>
  ticketOf(book, again(orderId)) ?? ticketOf(book, orderId);

function liveOrder(book: TradingSession, orderId: OrderId): Ticket | null {
  const ticket = currentOrder(book, orderId);
  return ticket && !isFinal(ticket) ? ticket : null;
}

const again = (orderId: OrderId): string => `${orderId}:again`;

const failedByOurAccount = ({ status, note }: Ticket): boolean =>
  status === 'rejected' ||
  (status === 'cancelled' && ['not-sent', 'not-executed', 'resolved'].includes(note?.about ?? ''));

/** TradingView takes no final order back: one that turns out to live comes again, once, under another id. */
function revive(book: TradingSession, dead: Ticket, lots: Decimal, at: Instant): void {
  const { orderId } = dead;
  if (orderId === null || dead.id === again(orderId)) return;
  const note: Note = { about: 'revived' };
  const ticket = newTicket({ ...termsOf(dead), id: again(orderId), lots, status: 'working', note }, at);
  book.tickets[ticket.id] = ticket;
}

const termsOf = ({ orderId, kind, instrument, contract, side, type, price, expiresAt }: Ticket) => ({
  orderId,
  kind,
  instrument,
  contract,
  side,
  type,
  price,
  expiresAt,
});
