import type { NotSentCause, RejectionReason } from '@core/contracts/events/request';
import type { CloseReason } from '@core/contracts/events/position';
import type { ContractTerms, Decimal, Instant, Instrument, OrderId, OrderKind, Side } from '@core/contracts/primitives';
import { add, compare, divide, multiply, ZERO } from '@core/kernel/decimal';

type TicketStatus = 'placing' | 'inactive' | 'working' | 'filled' | 'cancelled' | 'rejected';

/** What the user should read beside an order or a position; the words are made when it is shown. */
export type Note =
  | { readonly about: 'rejected'; readonly what: Asked; readonly reason: RejectionReason; readonly text: string | null }
  | { readonly about: 'unknown' | 'waiting' | 'not-connected'; readonly what: Asked }
  | { readonly about: 'not-sent' | 'not-executed'; readonly what: Asked; readonly cause?: NotSentCause }
  | { readonly about: 'resolved'; readonly what: Asked; readonly executed: boolean }
  | { readonly about: 'expired' | 'trigger-failed' | 'revived' | 'overtaken' }
  | { readonly about: 'closed'; readonly reason: CloseReason }
  /** A position was closed to be reversed, and the other side did not open. */
  | { readonly about: 'half-reversed'; readonly why: Note };

export type Asked = 'order' | 'amendment' | 'cancellation' | 'close';

/**
 * What TradingView lists as an order: an order, one of its brackets, or the closing of a position.
 * Its status never leaves `filled`, `cancelled` or `rejected`, whatever a broker says later, and its id is never reused.
 */
export interface Ticket {
  readonly id: string;
  readonly kind: 'order' | 'stop-loss' | 'take-profit' | 'close';
  /** Of an order that opens the other side of a position: the ticket of the closing that goes before it. */
  readonly follows: string | null;
  /** Our order behind it; null for brackets and closings. */
  readonly orderId: OrderId | null;
  readonly instrument: Instrument;
  readonly contract: ContractTerms;
  readonly side: Side;
  readonly type: OrderKind;
  /** Of a bracket: what it protects. */
  parent: { readonly type: 'order' | 'position'; readonly id: string } | null;
  lots: Decimal;
  filledLots: Decimal;
  /** Sum of lots times price over the fills. */
  filledValue: Decimal;
  /** Lots of an order that have become positions. */
  openedLots: Decimal;
  price: Decimal | null;
  /** Of a stop loss that trails: its distance; null is none. */
  trailingPoints: number | null;
  expiresAt: Instant | null;
  /** How far its user lets its price slip, in percent; null is as far as allowed. */
  readonly slippagePercent: Decimal | null;
  status: TicketStatus;
  changedAt: Instant;
  /** When the log recorded its end; null while it lives. */
  finishedAt: Instant | null;
  note: Note | null;
}

type Terms = Pick<Ticket, 'id' | 'kind' | 'instrument' | 'contract' | 'side' | 'type' | 'lots' | 'status'> &
  Partial<
    Pick<
      Ticket,
      'orderId' | 'follows' | 'parent' | 'price' | 'trailingPoints' | 'slippagePercent' | 'expiresAt' | 'note'
    >
  >;

export const newTicket = (terms: Terms, at: Instant): Ticket => ({
  orderId: null,
  follows: null,
  parent: null,
  filledLots: ZERO,
  filledValue: ZERO,
  openedLots: ZERO,
  price: null,
  trailingPoints: null,
  slippagePercent: null,
  expiresAt: null,
  finishedAt: null,
  note: null,
  changedAt: at,
  // Last: what is named after a spread is added one by one.
  ...terms,
});

export const isFinal = ({ finishedAt }: Ticket): boolean => finishedAt !== null;

export const isFullyFilled = ({ filledLots, lots }: Ticket): boolean => compare(filledLots, lots) >= 0;

/** Adds a fill; whether it was the last one is for the caller to ask. */
export function addFill(ticket: Ticket, lots: Decimal, price: Decimal, at: Instant): void {
  ticket.filledLots = add(ticket.filledLots, lots);
  ticket.filledValue = add(ticket.filledValue, multiply(lots, price));
  ticket.changedAt = at;
}

/** The mean price of the fills, to one digit more than prices have; null where nothing filled at a known price. */
export const averagePrice = ({ filledLots, filledValue, contract }: Ticket): Decimal | null =>
  filledValue === ZERO ? null : divide(filledValue, filledLots, contract.digits + 1);
