import type { EventBody } from '@core/contracts/event';
import { opposite, type Instant } from '@core/contracts/primitives';
import { add, compare, subtract, ZERO } from '@core/kernel/decimal';
import { handOver, liveBracket, positionAsParent, protect, release, resize } from './brackets.ts';
import { currentOrder } from './order-events.ts';
import {
  finish,
  openPositionOf,
  positionOf,
  ticketOf,
  type SessionPosition,
  type TradingSession,
} from './session-state.ts';
import { addFill, isFinal, isFullyFilled, newTicket } from './ticket.ts';

type Opened = EventBody<'PositionOpened'>['data'];
type Deal = EventBody<'PositionClosed'>['data'] | EventBody<'PositionReduced'>['data'];

/** A position, the execution that made it and the brackets that protect it. */
export function positionOpened(book: TradingSession, data: Opened, at: Instant): void {
  if (positionOf(book, data.positionId)) return;
  const position: SessionPosition = {
    id: data.positionId,
    instrument: data.instrument,
    contract: data.contract,
    side: data.side,
    price: data.price,
    openedAt: data.openedAt,
    lots: data.volumeLots,
    swap: data.swap,
    commission: data.commission,
    dealt: { swap: ZERO, commission: ZERO },
    note: null,
    closedAt: null,
  };
  book.positions[position.id] = position;
  const ticketId = orderBehind(book, data, at);
  book.latest.executions.push({
    id: `${position.id}:open`,
    ticketId,
    positionId: position.id,
    instrument: data.instrument,
    contract: data.contract,
    side: data.side,
    lots: data.volumeLots,
    price: data.price,
    at: data.openedAt,
    isClose: false,
    commission: data.commission,
  });
  inheritBrackets(book, ticketId, position, at);
  protect(book, positionAsParent(position), data, at);
}

export function positionAmended(book: TradingSession, data: EventBody<'PositionAmended'>['data'], at: Instant): void {
  const position = openPositionOf(book, data.positionId);
  if (position) protect(book, positionAsParent(position), data, at);
}

export function positionReduced(book: TradingSession, data: EventBody<'PositionReduced'>['data'], at: Instant): void {
  const position = openPositionOf(book, data.positionId);
  if (!position) return;
  recordDeal(book, position, data, at, data.remainingCommission);
  position.swap = data.remainingSwap;
  position.commission = data.remainingCommission;
  position.dealt = dealtWith(position, data);
  position.lots = data.remainingLots;
  resize(book, position.id, position.lots, at);
}

export function swapCharged(book: TradingSession, data: EventBody<'PositionSwapCharged'>['data']): void {
  const position = openPositionOf(book, data.positionId);
  if (position) position.swap = data.swap;
}

/** A position we never saw opened leaves no trace: there is nothing here that could vanish. */
export function positionClosed(book: TradingSession, data: EventBody<'PositionClosed'>['data'], at: Instant): void {
  const position = openPositionOf(book, data.positionId);
  if (!position) return;
  recordDeal(book, position, data, data.closedAt, ZERO);
  Object.assign(position, dealtWith(position, data));
  position.note = null;
  position.closedAt = book.now;
  book.closed.push({ id: position.id, at: book.now });
  release(book, position.id, at);
}

/** The order's ticket; one that was placed at the broker and filled at once gets its ticket now. */
function orderBehind(book: TradingSession, data: Opened, at: Instant): string {
  const known = data.orderId === null ? null : currentOrder(book, data.orderId);
  if (known) return known.id;
  const id = data.orderId ?? `${data.positionId}:open`;
  // What reconciliation found was opened long ago, perhaps: no news for the user.
  if (data.inferred) return id;
  const ticket = newTicket(
    {
      id,
      orderId: data.orderId,
      kind: 'order',
      instrument: data.instrument,
      contract: data.contract,
      side: data.side,
      type: 'market',
      lots: data.volumeLots,
      status: 'working',
    },
    at,
  );
  book.tickets[id] = ticket;
  addFill(ticket, data.volumeLots, data.price, at);
  finish(book, ticket, 'filled', at);
  return id;
}

/** Its brackets go to the position that completes the order; earlier parts get brackets of their own. */
function inheritBrackets(book: TradingSession, ticketId: string, position: SessionPosition, at: Instant): void {
  const ticket = ticketOf(book, ticketId);
  if (!ticket) return;
  ticket.openedLots = add(ticket.openedLots, position.lots);
  if (compare(ticket.openedLots, ticket.lots) >= 0) handOver(book, ticket, position, at);
}

const dealtWith = ({ dealt }: SessionPosition, { swap, commission }: Deal): SessionPosition['dealt'] => ({
  swap: add(dealt.swap, swap),
  commission: add(dealt.commission, commission),
});

/** Its commission is what came on top of what the opening told: over a position's life they sum up to what it cost. */
function recordDeal(
  book: TradingSession,
  position: SessionPosition,
  deal: Deal,
  at: Instant,
  remaining: SessionPosition['commission'],
): void {
  book.latest.executions.push({
    id: `${position.id}:${deal.deal}`,
    ticketId: settleDeal(book, position, deal, at),
    positionId: position.id,
    instrument: position.instrument,
    contract: position.contract,
    side: opposite(position.side),
    lots: deal.volumeLots,
    price: deal.price,
    at,
    isClose: true,
    commission: subtract(add(deal.commission, remaining), position.commission),
  });
}

/** Every deal is the fill of some order: the close that was asked for, the bracket that was hit, else one made for it. */
function settleDeal(book: TradingSession, position: SessionPosition, deal: Deal, at: Instant): string {
  const whole = !('remainingLots' in deal);
  const asked = deal.requestId === null ? null : ticketOf(book, deal.requestId);
  if (asked && !isFinal(asked)) {
    addFill(asked, deal.volumeLots, deal.price, at);
    if (whole && !isFullyFilled(asked)) asked.lots = asked.filledLots;
    if (isFullyFilled(asked)) finish(book, asked, 'filled', at);
    return asked.id;
  }
  const hit =
    whole && (deal.reason === 'stop-loss' || deal.reason === 'take-profit')
      ? liveBracket(book, position.id, deal.reason)
      : null;
  if (hit) {
    addFill(hit, deal.volumeLots, deal.price, at);
    hit.lots = hit.filledLots;
    finish(book, hit, 'filled', at);
    return hit.id;
  }
  return closedElsewhere(book, position, deal, at);
}

function closedElsewhere(book: TradingSession, position: SessionPosition, deal: Deal, at: Instant): string {
  const id = `${position.id}:deal:${deal.deal}`;
  if (ticketOf(book, id)) return id;
  const ticket = newTicket(
    {
      id,
      kind: 'close',
      instrument: position.instrument,
      contract: position.contract,
      side: opposite(position.side),
      type: 'market',
      lots: deal.volumeLots,
      status: 'working',
    },
    at,
  );
  book.tickets[id] = ticket;
  addFill(ticket, deal.volumeLots, deal.price, at);
  finish(book, ticket, 'filled', at, { about: 'closed', reason: deal.reason });
  return id;
}
