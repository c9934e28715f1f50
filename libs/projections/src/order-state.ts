import type { EventBody, Recorded, RecordedEvent } from '@core/contracts/event';
import type { Requester, SignalOrigin } from '@core/contracts/events/request';
import type {
  ContractTerms,
  Decimal,
  Instant,
  Instrument,
  OrderId,
  OrderKind,
  PositionId,
  Side,
} from '@core/contracts/primitives';
import { ZERO } from '@core/kernel/decimal';
import type { Changeable } from './changes.ts';
import type { Endable } from './ended.ts';
import { momentOf, type Moment } from './moment.ts';

/**
 * `placing`: asked for, or accepted, and nothing seen of it yet. `working`: stands at the broker, perhaps partly filled.
 * `unknown`: sent, and nobody could say yet what became of it. The other four are final.
 */
export type OrderStatus = 'placing' | 'working' | 'unknown' | 'filled' | 'cancelled' | 'rejected' | 'expired';

export interface OrderState extends Endable, Changeable {
  id: OrderId;
  status: OrderStatus;
  /** The broker's number, once it is known. */
  brokerOrder: string | null;
  instrument: Instrument;
  contract: ContractTerms;
  side: Side;
  kind: OrderKind;
  volumeLots: Decimal;
  /** Trigger of a limit or stop order; null for a market order. */
  price: Decimal | null;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  /** Of the trailing stop that its position will have. */
  trailingPoints: number | null;
  expiresAt: Instant | null;
  /** Null for an order that was not placed through us. */
  requester: Requester | null;
  signal: SignalOrigin | null;
  comment: string | null;
  /** What stands here was concluded by reconciliation, not seen happening. */
  inferred: boolean;
  filledLots: Decimal;
  /** Volume-weighted; null before the first fill. */
  averagePrice: Decimal | null;
  fills: { positionId: PositionId; volumeLots: Decimal; price: Decimal; at: Instant }[];
  /** Why it ended without (further) fill, in the words of the event that ended it; null otherwise. */
  endReason:
    EventBody<'OrderCancelled'>['data']['reason'] | EventBody<'RequestExpired'>['data']['reason'] | 'expired' | null;
  created: Moment;
  dispatched: Moment | null;
  accepted: Moment | null;
  finished: Moment | null;
}

type Terms = Pick<
  EventBody<'OrderWorking'>['data'],
  | 'orderId'
  | 'instrument'
  | 'contract'
  | 'side'
  | 'kind'
  | 'volumeLots'
  | 'price'
  | 'stopLoss'
  | 'takeProfit'
  | 'expiresAt'
>;
type Origin = Pick<OrderState, 'brokerOrder' | 'trailingPoints' | 'requester' | 'signal' | 'comment' | 'inferred'>;

/** An order as it is first heard of. Field by field: spread, an order costs as much as all the rest of its fold. */
export function appeared(event: RecordedEvent, status: OrderStatus, terms: Terms, origin: Origin): OrderState {
  const created = momentOf(event);
  return {
    id: terms.orderId,
    status,
    brokerOrder: origin.brokerOrder,
    instrument: terms.instrument,
    contract: terms.contract,
    side: terms.side,
    kind: terms.kind,
    volumeLots: terms.volumeLots,
    price: terms.price,
    stopLoss: terms.stopLoss,
    takeProfit: terms.takeProfit,
    trailingPoints: origin.trailingPoints,
    expiresAt: terms.expiresAt,
    requester: origin.requester,
    signal: origin.signal,
    comment: origin.comment,
    inferred: origin.inferred,
    filledLots: ZERO,
    averagePrice: null,
    fills: [],
    rejection: null,
    endReason: null,
    openRequests: [],
    created,
    dispatched: null,
    accepted: null,
    updated: created,
    finished: null,
    keptUntil: null,
  };
}

/** It stands at the broker with these terms now. */
export function amended(order: OrderState, event: Recorded<'OrderWorking' | 'OrderAmended'>): void {
  const { price, stopLoss, takeProfit, trailingPoints, expiresAt, comment, inferred } = event.data;
  order.price = price;
  order.stopLoss = stopLoss;
  order.takeProfit = takeProfit;
  order.trailingPoints = trailingPoints;
  order.expiresAt = expiresAt;
  order.comment = comment;
  order.inferred = inferred;
  order.updated = momentOf(event);
}
