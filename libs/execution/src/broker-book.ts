import type { EventBody } from '@core/contracts/event';
import type { RequestKind, SignalOrigin } from '@core/contracts/events/request';
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

/**
 * What the log says stands at the broker: the fold of one account's events that translation compares the broker with.
 * The projection `broker-book` satisfies it structurally. Whatever differs from it becomes an event, whatever does not is
 * old news, so each field is exactly what the events said and each counter counts events of one kind for one key.
 * A connector also applies the events it has just sent, before they come back with a position.
 */
export interface BrokerBook {
  /** Time of the account's first event; closed trades from before it are none of ours. Null: no event yet. */
  readonly since: Instant | null;
  /** Data of the last `AccountUpdated`. */
  readonly terms: EventBody<'AccountUpdated'>['data'] | null;
  readonly termsChanges: number;
  /** Of the last `BalanceChanged`. */
  readonly money: { readonly balance: Decimal; readonly credit: Decimal } | null;
  readonly moneyChanges: number;
  /**
   * Closing deals whose booking no `BalanceChanged` has told yet: added by `PositionClosed` (profit + swap + commission)
   * and `PositionReduced` (profit); the first of the reference is removed by a `BalanceChanged` of type trading, all by
   * one of type correction or without an operation.
   */
  readonly unbooked: readonly Unbooked[];
  /** References of the last deposits, withdrawals and credits: the broker's numbers. Newest last, at most `BOOK_KEEPS`. */
  readonly bookings: readonly string[];
  /** `closedAt` of the newest `PositionClosed`, or time of the newest `PositionReduced`. */
  readonly lastDealAt: Instant | null;
  /** Open positions by the broker's number: of `PositionOpened`, then of each `PositionReduced`, which may renumber. */
  readonly positions: Readonly<Record<string, BookPosition>>;
  /** Orders that stand at the broker, by the broker's number: from `OrderWorking` until filled, cancelled or expired. */
  readonly orders: Readonly<Record<string, BookOrder>>;
  /** Requests on their way, by request id. */
  readonly requests: Readonly<Record<RequestId, BookRequest>>;
  /** Broker's numbers of closed positions, newest last, at most `BOOK_KEEPS`: a late record must not open them again. */
  readonly closedPositions: readonly string[];
  /** Orders that ended in any way, ours and others, newest last, at most `BOOK_KEEPS`: a late fill still finds its order. */
  readonly endedOrders: readonly EndedOrder[];
}

/** How many ended things a book keeps of each kind. */
export const BOOK_KEEPS = 1000;

/** Whether a position of this number stood and was closed. Cheap for those that stand and those that just closed. */
export const isClosed = ({ positions, closedPositions }: BrokerBook, position: string): boolean =>
  !(position in positions) && closedPositions.lastIndexOf(position) !== -1;

export interface Unbooked {
  readonly positionId: PositionId;
  readonly delta: Decimal;
  readonly correlationid: Uuid;
  /** The `PositionClosed` or `PositionReduced`. */
  readonly eventId: Uuid;
}

export interface BookPosition {
  readonly positionId: PositionId;
  readonly orderId: OrderId | null;
  readonly instrument: Instrument;
  readonly side: Side;
  /** What is left of it. */
  readonly volumeLots: Decimal;
  readonly price: Decimal;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly trailingPoints: number | null;
  readonly swap: Decimal;
  readonly commission: Decimal;
  /** From `PositionOpened`: what a modification must send again, or the broker wipes it. */
  readonly comment: string | null;
  /** `PositionAmended` events so far. */
  readonly amendments: number;
  /** `PositionSwapCharged` events so far. */
  readonly swapCharges: number;
  /** `deal` of each `PositionReduced`: told already. */
  readonly deals: readonly string[];
  /** Of `PositionOpened`. */
  readonly correlationid: Uuid;
  /** The last event about it. */
  readonly lastEventId: Uuid;
}

export interface BookOrder {
  readonly orderId: OrderId;
  readonly instrument: Instrument;
  readonly side: Side;
  readonly kind: OrderKind;
  readonly volumeLots: Decimal;
  /** Sum of its `OrderFilled`; the order leaves the book when this reaches `volumeLots`. */
  readonly filledLots: Decimal;
  readonly price: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly expiresAt: Instant | null;
  readonly comment: string | null;
  /** Of its `OrderRequested`; null where there was none. */
  readonly signal: SignalOrigin | null;
  /** `OrderAmended` events so far. */
  readonly amendments: number;
  readonly correlationid: Uuid;
  readonly lastEventId: Uuid;
}

export interface EndedOrder {
  readonly orderId: OrderId;
  /** The broker's number; null where none was ever known. */
  readonly brokerOrder: string | null;
  readonly correlationid: Uuid;
  readonly lastEventId: Uuid;
}

/** What was asked of the broker: type and data of the `…Requested` event. */
export type Ask = EventBody<'OrderRequested' | 'AmendmentRequested' | 'CancellationRequested' | 'CloseRequested'>;

/**
 * One request until it is over.
 * It leaves the book when it is rejected, expired or resolved by an operator, and once accepted with its effect: an order
 * with `OrderWorking` or its whole fill, an amendment with the next amendment or the end of its target, a cancellation
 * with the end of its order, a close with the `PositionReduced` or `PositionClosed` that names it or the position's end.
 */
export interface BookRequest {
  readonly requestId: RequestId;
  readonly ask: Ask;
  readonly status: 'requested' | 'dispatched' | 'unknown' | 'accepted';
  readonly requestedAt: Instant;
  readonly dispatchedAt: Instant | null;
  /** The broker's number of the request, from its acceptance. */
  readonly brokerRequest: string | null;
  /** Of an order that fills without ever standing: sum of its `OrderFilled`. */
  readonly filledLots: Decimal;
  /** What an amendment or a close set out to change, as it stood when it was requested; null for the other kinds. */
  readonly before: Before | null;
  readonly correlationid: Uuid;
  /** The last event about it: requested, dispatched, accepted or unknown. */
  readonly lastEventId: Uuid;
}

export interface Before {
  readonly volumeLots: Decimal;
  /** Trigger of an order; null for a position. */
  readonly price: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
}

const KINDS = {
  OrderRequested: 'order',
  AmendmentRequested: 'amendment',
  CancellationRequested: 'cancellation',
  CloseRequested: 'close',
} as const satisfies Record<Ask['type'], RequestKind>;

export const kindOf = ({ type }: Ask): RequestKind => KINDS[type];
