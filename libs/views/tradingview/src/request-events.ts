import type { AmendmentTerms } from '@core/contracts/events/request';
import type { EventBody } from '@core/contracts/event';
import { opposite, type Instant, type RequestId } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { currentOrder } from './order-events.ts';
import { finish, openPositionOf, positionOf, ticketOf, type TradingSession } from './session-state.ts';
import { waitingNote } from './waiting.ts';
import { isFinal, newTicket, type Note } from './ticket.ts';

// Amendments and cancellations leave a note where they aim when they fail; a close is an order of its own, so that the
// user is told of its end as of every other order's. What aimed at something that has ended meanwhile is no failure.

export function amendmentRequested(book: TradingSession, requestId: RequestId, terms: AmendmentTerms): void {
  const target = terms.target === 'order' ? terms.orderId : terms.positionId;
  aim(book, requestId, { what: 'amendment', target, terms });
}

export function cancellationRequested(book: TradingSession, requestId: RequestId, orderId: string): void {
  aim(book, requestId, { what: 'cancellation', target: orderId, terms: null });
}

/** The request came to its end; what it did, if anything, are events of their own. */
export function requestEnded(book: TradingSession, requestId: RequestId, note: Note | null, at: Instant): void {
  const request = book.requests[requestId];
  if (!request) return;
  delete book.requests[requestId];
  setNote(book, request.target, note, at);
}

export function closeRequested(book: TradingSession, data: EventBody<'CloseRequested'>['data'], at: Instant): void {
  const position = present(positionOf(book, data.positionId), `close ${data.requestId} of a position never opened`);
  book.requests[data.requestId] = { what: 'close', target: data.positionId, terms: null };
  const { instrument, contract, side } = position;
  book.tickets[data.requestId] = newTicket(
    {
      id: data.requestId,
      kind: 'close',
      instrument,
      contract,
      side: opposite(side),
      type: 'market',
      lots: data.volumeLots,
      status: 'placing',
      note: waitingNote(book, 'close'),
    },
    at,
  );
}

export function closeAccepted(book: TradingSession, requestId: RequestId, at: Instant): void {
  delete book.requests[requestId];
  const ticket = ticketOf(book, requestId);
  if (!ticket || isFinal(ticket)) return;
  ticket.status = 'working';
  ticket.note = null;
  ticket.changedAt = at;
}

/** Nobody knows what became of it: the user is told where it stands, or where it aimed. */
export function outcomeUnknown(
  book: TradingSession,
  { kind, requestId }: EventBody<'RequestOutcomeUnknown'>['data'],
  at: Instant,
): void {
  const target = kind === 'order' || kind === 'close' ? requestId : book.requests[requestId]?.target;
  if (target !== undefined) setNote(book, target, { about: 'unknown', what: kind }, at);
}

export function closeEnded(
  book: TradingSession,
  requestId: RequestId,
  status: 'filled' | 'cancelled' | 'rejected',
  note: Note,
  at: Instant,
): void {
  const ticket = ticketOf(book, requestId);
  const isOvertaken = status !== 'filled' && openPositionOf(book, book.requests[requestId]?.target ?? '') === null;
  delete book.requests[requestId];
  if (!ticket) return;
  if (isOvertaken) finish(book, ticket, 'cancelled', at, { about: 'overtaken' });
  else finish(book, ticket, status, at, note);
}

function aim(book: TradingSession, requestId: RequestId, request: TradingSession['requests'][RequestId]): void {
  book.requests[requestId] = request;
  const aimed = currentOrder(book, request.target) ?? openPositionOf(book, request.target);
  if (aimed && aimed.note?.about !== 'unknown') aimed.note = null;
}

function setNote(book: TradingSession, target: string, note: Note | null, at: Instant): void {
  const ticket = currentOrder(book, target);
  if (ticket && !isFinal(ticket)) {
    ticket.note = note;
    ticket.changedAt = at;
  }
  const position = openPositionOf(book, target);
  if (position) position.note = note;
}
