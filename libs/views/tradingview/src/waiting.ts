import type { Instant, RequestId } from '@core/contracts/primitives';
import { ticketOf, type Screen, type TradingSession } from './session-state.ts';
import { isFinal, type Asked, type Note, type Ticket } from './ticket.ts';

// What waits to be sent says so, and why, for as long as nobody has claimed it.

/** Beside an order or a close that was just asked for. */
export const waitingNote = ({ isCutOff }: TradingSession, what: Asked): Note => ({
  about: isCutOff ? 'not-connected' : 'waiting',
  what,
});

export const isWaiting = ({ note }: Ticket): boolean => note?.about === 'waiting' || note?.about === 'not-connected';

/** What waits for a broker that is not known to be out of reach: somebody may know better than the log. */
export const isExpecting = ({ tickets }: Pick<TradingSession, 'tickets'>): boolean =>
  Object.values(tickets).some((ticket) => !isFinal(ticket) && ticket.note?.about === 'waiting');

/** The same screen for somebody who knows that nobody could send anything now, though the log does not say so. */
export const seenCutOff = (book: Screen): Screen => ({
  ...book,
  tickets: Object.fromEntries(Object.entries(book.tickets).map(([id, ticket]) => [id, cutOff(ticket)])),
});

const cutOff = (ticket: Ticket): Ticket =>
  ticket.note?.about === 'waiting' ? { ...ticket, note: { about: 'not-connected', what: ticket.note.what } } : ticket;

/** On its way to the broker: what it waited for is over. */
export function dispatched(book: TradingSession, requestId: RequestId, at: Instant): void {
  const ticket = ticketOf(book, requestId);
  if (!ticket || !isWaiting(ticket)) return;
  ticket.note = null;
  ticket.changedAt = at;
}

/** The account's session at the broker was lost, or one has begun. */
export function setCutOff(book: TradingSession, isCutOff: boolean, at: Instant): void {
  book.isCutOff = isCutOff;
  for (const ticket of Object.values(book.tickets)) {
    if (isFinal(ticket) || !isWaiting(ticket)) continue;
    ticket.note = waitingNote(book, ticket.kind === 'close' ? 'close' : 'order');
    ticket.changedAt = at;
  }
}
