import type { EventBody } from '@core/contracts/event';
import type { SignalOrigin } from '@core/contracts/events/request';
import type {
  Decimal,
  Instant,
  Instrument,
  OrderId,
  OrderKind,
  PositionId,
  RequestId,
  Side,
  Uuid,
} from '@core/contracts/primitives';

/** How many ended things a book keeps of each kind. */
export const BOOK_KEEPS = 1000;

/**
 * What the log says stands at the broker, under the broker's own numbers: what a connector compares the broker with.
 * Whatever differs from it becomes an event, whatever does not is old news. The counters number the changes of one kind
 * of one key, for `factId`.
 */
export interface BrokerBook {
  /** Time of the account's first event; null before it. */
  since: Instant | null;
  terms: EventBody<'AccountUpdated'>['data'] | null;
  termsChanges: number;
  money: { balance: Decimal; credit: Decimal } | null;
  moneyChanges: number;
  /** Closing deals whose booking no `BalanceChanged` has told yet, oldest first. */
  unbooked: Unbooked[];
  /** References of the last deposits, withdrawals and credits, newest last. */
  bookings: string[];
  /** When the newest closing deal happened. */
  lastDealAt: Instant | null;
  /** Open positions by the broker's number. */
  positions: Record<string, BookPosition>;
  /** Orders that stand at the broker, by the broker's number. */
  orders: Record<string, BookOrder>;
  /** Requests that are not over: without an outcome, or accepted and their effect not seen yet. */
  requests: Record<RequestId, BookRequest>;
  /** Broker's numbers of closed positions, newest last: a late record must not open them again. */
  closedPositions: string[];
  /** Orders that ended in any way, newest last: a late fill still finds its order. */
  endedOrders: EndedOrder[];
  /** The broker's number by our id, of `positions` and of `orders`. */
  numbers: Record<PositionId | OrderId, string>;
  /** Which of `requests` concern an order or a position. */
  asked: Record<PositionId | OrderId, RequestId[]>;
}

export interface Unbooked {
  positionId: PositionId;
  delta: Decimal;
  correlationid: Uuid;
  eventId: Uuid;
}

export interface BookPosition {
  positionId: PositionId;
  orderId: OrderId | null;
  instrument: Instrument;
  side: Side;
  volumeLots: Decimal;
  price: Decimal;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  trailingPoints: number | null;
  swap: Decimal;
  commission: Decimal;
  comment: string | null;
  amendments: number;
  swapCharges: number;
  /** Numbers of its closing deals so far. */
  deals: string[];
  correlationid: Uuid;
  lastEventId: Uuid;
}

export interface BookOrder {
  orderId: OrderId;
  instrument: Instrument;
  side: Side;
  kind: OrderKind;
  volumeLots: Decimal;
  filledLots: Decimal;
  price: Decimal | null;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  expiresAt: Instant | null;
  comment: string | null;
  signal: SignalOrigin | null;
  amendments: number;
  correlationid: Uuid;
  lastEventId: Uuid;
}

export interface EndedOrder {
  orderId: OrderId;
  brokerOrder: string | null;
  correlationid: Uuid;
  lastEventId: Uuid;
}

export type Ask = EventBody<'OrderRequested' | 'AmendmentRequested' | 'CancellationRequested' | 'CloseRequested'>;

export interface BookRequest {
  requestId: RequestId;
  ask: Ask;
  status: 'requested' | 'dispatched' | 'unknown' | 'accepted';
  /** Its effect is in the log. Facts may overtake the acceptance: it is over when both have come. */
  effected: boolean;
  requestedAt: Instant;
  dispatchedAt: Instant | null;
  brokerRequest: string | null;
  filledLots: Decimal;
  before: Before | null;
  correlationid: Uuid;
  lastEventId: Uuid;
}

/** What an amendment or a close set out to change, as it stood when it was requested. */
export interface Before {
  volumeLots: Decimal;
  price: Decimal | null;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
}
