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
import type { Accruals } from '../accruals.ts';

/**
 * What the log says stands at the broker, under the broker's own numbers: what a connector compares the broker with.
 * Whatever differs from it becomes an event, whatever does not is old news. The counters number the changes of one kind
 * of one key, for `factId`. A connector also applies what it has just sent, before that comes back with a position.
 */
export interface BrokerBook {
  /** Time of the account's first event; closed trades from before it are none of ours. Null: no event yet. */
  since: Instant | null;
  terms: EventBody<'AccountUpdated'>['data'] | null;
  termsChanges: number;
  money: { balance: Decimal; credit: Decimal } | null;
  moneyChanges: number;
  /** What of its positions the balance has, and what it still will. */
  accruals: Accruals;
  /** References of the last deposits, withdrawals and credits: the broker's numbers, newest last. */
  bookings: string[];
  /** When the newest closing deal happened. */
  lastDealAt: Instant | null;
  /** Open positions by the broker's number: of `PositionOpened`, then of each `PositionReduced`, which may renumber. */
  positions: Record<string, BookPosition>;
  /** Orders that stand at the broker, by the broker's number: from `OrderWorking` until filled, cancelled or expired. */
  orders: Record<string, BookOrder>;
  /** Requests that are not over: without an outcome, or accepted and their effect not seen yet. */
  requests: Record<RequestId, BookRequest>;
  /** Closed positions, newest last: a late record must not open them again. */
  closedPositions: ClosedPosition[];
  /** Orders that ended in any way, ours and others, newest last: a late fill still finds its order. */
  endedOrders: EndedOrder[];
  /** What the two lists above hold no more. */
  forgotten: { positions: Forgotten; orders: Forgotten };
  /** The broker's number by our id, of `positions` and of `orders`. */
  numbers: Record<PositionId | OrderId, string>;
  /** Which of `requests` concern an order or a position. */
  asked: Record<PositionId | OrderId, RequestId[]>;
}

/** Whether a position of this number stood and was closed. Cheap for those that stand and those that just closed. */
export const isClosed = ({ positions, closedPositions }: BrokerBook, number: string): boolean =>
  !(number in positions) && closedPositions.findLast(({ position }) => position === number) !== undefined;

/**
 * Which life of its number a position has that was opened then and did not stand: one more than it was closed. Where
 * closings are forgotten that its own may be among, more than any of them.
 */
export function positionLife({ closedPositions, forgotten }: BrokerBook, number: string, openedAt: Instant): number {
  const ends = countOf(closedPositions, ({ position }) => position === number);
  return lifeAfter(ends, forgotten.positions, openedAt);
}

/** The same of an order that was placed then. */
export function orderLife({ endedOrders, forgotten }: BrokerBook, number: string, placedAt: Instant): number {
  const ends = countOf(endedOrders, ({ brokerOrder }) => brokerOrder === number);
  return lifeAfter(ends, forgotten.orders, placedAt);
}

function countOf<Item>(items: readonly Item[], isOne: (item: Item) => boolean): number {
  let count = 0;
  for (const item of items) if (isOne(item)) count += 1;
  return count;
}

const lifeAfter = (ends: number, { count, until }: Forgotten, since: Instant): number =>
  ends + 1 + (until !== null && since <= until ? count : 0);

interface ClosedPosition {
  position: string;
  at: Instant;
}

/** Ends that a book does not hold any more. */
export interface Forgotten {
  count: number;
  /** When the newest of them was. */
  until: Instant | null;
}

export interface BookPosition {
  positionId: PositionId;
  orderId: OrderId | null;
  instrument: Instrument;
  side: Side;
  /** What is left of it. */
  volumeLots: Decimal;
  price: Decimal;
  openedAt: Instant;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  trailingPoints: number | null;
  /** Costs of what is left of it. */
  swap: Decimal;
  commission: Decimal;
  /** As it was told last: what a modification must send again, or the broker wipes it. */
  comment: string | null;
  amendments: number;
  swapCharges: number;
  /** Numbers of its closing deals so far: told already. */
  deals: string[];
  /** Deals from before are of an earlier life of its number; null where that had none. */
  since: Instant | null;
  correlationid: Uuid;
  lastEventId: Uuid;
}

export interface BookOrder {
  orderId: OrderId;
  instrument: Instrument;
  side: Side;
  kind: OrderKind;
  volumeLots: Decimal;
  /** The order leaves the book when this reaches `volumeLots`. */
  filledLots: Decimal;
  price: Decimal | null;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  trailingPoints: number | null;
  expiresAt: Instant | null;
  comment: string | null;
  /** Of its `OrderRequested`; null where there was none. */
  signal: SignalOrigin | null;
  amendments: number;
  correlationid: Uuid;
  lastEventId: Uuid;
}

interface EndedOrder {
  orderId: OrderId;
  /** The broker's number; null where none was ever known. */
  brokerOrder: string | null;
  at: Instant;
  correlationid: Uuid;
  lastEventId: Uuid;
}

/** What was asked of the broker: type and data of the `…Requested` event. */
export type Ask = EventBody<'OrderRequested' | 'AmendmentRequested' | 'CancellationRequested' | 'CloseRequested'>;

const KINDS = {
  OrderRequested: 'order',
  AmendmentRequested: 'amendment',
  CancellationRequested: 'cancellation',
  CloseRequested: 'close',
} as const satisfies Record<Ask['type'], RequestKind>;

export const kindOf = ({ type }: Ask): RequestKind => KINDS[type];

/**
 * One request until it is over.
 * It leaves the book when it is rejected, expired or resolved by an operator, and once accepted with its effect: an order
 * with `OrderWorking` or its whole fill, an amendment with the next amendment or the end of its target, a cancellation
 * with the end of its order, a close with the `PositionReduced` or `PositionClosed` that names it or the position's end.
 */
export interface BookRequest {
  requestId: RequestId;
  ask: Ask;
  status: 'requested' | 'dispatched' | 'unknown' | 'accepted';
  /** Its effect is in the log. Facts may overtake the acceptance: it is over when both have come. */
  effected: boolean;
  requestedAt: Instant;
  dispatchedAt: Instant | null;
  /** The broker's number of the request, from its acceptance. */
  brokerRequest: string | null;
  /** Of an order that fills without ever standing. */
  filledLots: Decimal;
  before: Before | null;
  correlationid: Uuid;
  lastEventId: Uuid;
}

/** What an amendment or a close set out to change, as it stood when it was requested. */
export interface Before {
  volumeLots: Decimal;
  /** Trigger of an order; null for a position. */
  price: Decimal | null;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  trailingPoints: number | null;
}
