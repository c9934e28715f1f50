import type { CommandBody } from '@core/contracts/command';
import type { EventBody, Recorded } from '@core/contracts/event';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { isOperator, type AmendmentTerms, type Requester } from '@core/contracts/events/request';
import type { Instant, Instrument, OrderId, OrderKind, RequestId, Side, Decimal } from '@core/contracts/primitives';
import type { RefusalReason } from '@core/contracts/refusal';
import { strategyKey } from '@core/contracts/strategy-key';
import { isPositive, subtract, ZERO } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import { unreachable } from '@core/kernel/unreachable';
import {
  nothing,
  record,
  refuse,
  type Circumstances,
  type Decide,
  type Decision,
  type LimitRefusal,
  type SizedOrder,
} from './decision.ts';
import {
  found,
  offerRefusal,
  priceRefusal,
  trailingRefusal,
  volumeRefusal,
  type LookupRefusal,
  type OfferRefusal,
  type PriceRefusal,
  type TrailingRefusal,
  type VolumeRefusal,
} from './instrument-rules.ts';
import { noneRecent, remember, remembers, type Recent } from './recent.ts';
import { isAskedFor, requestAmendment } from './last-wins.ts';
import { isBeingWithdrawn, isWithdrawalInFlight, notSent, type Requests } from './request.ts';
import { restrictionOn, type RiskRefusal } from './risk.ts';
import { cannotOpen, type Strategies } from './strategy.ts';

/** A limit or stop order that stands at the broker, whoever placed it. */
interface WorkingOrder {
  instrument: Instrument;
  side: Side;
  /** Not filled yet. */
  lotsLeft: Decimal;
  price: Decimal | null;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  trailingPoints: number | null;
  expiresAt: Instant | null;
}

export interface Orders {
  working: Record<OrderId, WorkingOrder>;
  /** Filled, cancelled or run out: what comes late about them does not make them stand again. */
  ended: Recent;
}

/** How many ended orders an account remembers. */
const ENDED_ORDERS_MAX = 128;

export const noOrders = (): Orders => ({ working: {}, ended: noneRecent() });

/** Whether there is or was an order of this id at the broker, whose request may be forgotten long since. */
export const isKnownOrder = ({ working, ended }: Orders, id: OrderId): boolean =>
  working[id] !== undefined || remembers(ended, id);

export type OrderRefusal =
  | RiskRefusal
  | LookupRefusal
  | OfferRefusal
  | VolumeRefusal
  | PriceRefusal
  | TrailingRefusal
  | Extract<
      RefusalReason,
      'trading-disabled' | 'price-required' | 'price-not-allowed' | 'expiry-in-the-past' | 'duplicate-order'
    >;

type Known = { readonly orders: Orders; readonly requests: Requests };

/** The order's id is the command's. It is recorded with the terms of its instrument, so that no fold looks them up. */
export const placeOrder: Decide<'PlaceOrder', { readonly strategies: Strategies }> = (
  { strategies },
  { commandid, data },
  at,
) => {
  const strategy = data.signal && strategies.byKey[strategyKey(data.signal)];
  const taken = strategy && cannotOpen(strategy);
  if (taken) return refuse(taken);
  const allowed = allowOrder(data, at);
  return allowed.ok ? record(requestOrder(commandid, data, allowed.value)) : refuse(allowed.error);
};

type NewOrder = CommandBody<'PlaceOrder'>['data'];

/** Whether an order may go to the broker, and the instrument as it is now. */
export function allowOrder(
  order: NewOrder & Pick<SizedOrder, 'closes'>,
  at: Circumstances,
): Result<InstrumentSpec, OrderRefusal | LimitRefusal> {
  const restriction = restrictionOn('expose', isOperator(order.requester), at.restrictions);
  if (restriction) return err(restriction);
  if (at.tradingDisabled) return err('trading-disabled');

  const instrument = found(at.instrument(order.instrument));
  if (!instrument.ok) return instrument;
  const spec = instrument.value;
  const refusal =
    offerRefusal(order.side, spec) ??
    volumeRefusal(order.volumeLots, spec) ??
    triggerRefusal(order.kind, order.price) ??
    priceRefusal(order.side, order, spec) ??
    trailingRefusal(order.trailingPoints, null, spec) ??
    (order.kind === 'market' ? null : expiryRefusal(order.expiresAt, at.now)) ??
    at.limitOn(order, spec) ??
    (at.isDuplicate(order, order.requester.edge) ? 'duplicate-order' : null);
  return refusal ? err(refusal) : ok(spec);
}

/** A market order has no life at the broker, so an expiry that came with it is left out; any other has its price. */
export function requestOrder(
  orderId: OrderId,
  { worstPrice, slippagePercent, expiresAt, ...order }: NewOrder,
  { contract }: InstrumentSpec,
): EventBody<'OrderRequested'> {
  const terms = { orderId, ...order, contract };
  const bound = {
    ...(worstPrice !== undefined && { worstPrice }),
    ...(slippagePercent !== undefined && { slippagePercent }),
  };
  return order.kind === 'market'
    ? { type: 'OrderRequested', data: { ...terms, ...bound, expiresAt: null } }
    : { type: 'OrderRequested', data: { ...terms, expiresAt } };
}

/**
 * An order that nobody has claimed yet is not sent at all; one that stands at the broker is asked back.
 * No restriction holds this up: taking an order back cannot add to anyone's risk.
 */
export const cancelOrder: Decide<'CancelOrder', Known> = ({ orders, requests }, { commandid, data }) => {
  const request = requests.open[data.orderId];
  if (request?.kind === 'order' && request.status === 'requested') {
    return record(notSent('order', data.orderId, 'cancelled'));
  }
  if (!orders.working[data.orderId]) return refuse(missing(data.orderId, orders, requests));
  if (isBeingWithdrawn(requests, data.orderId)) return refuse('request-in-flight');
  return record({ type: 'CancellationRequested', data: { requestId: commandid, ...data } });
};

type AmendOrder = Extract<AmendmentTerms, { target: 'order' }>;

/** The terms are the whole target: what they leave as it is must be said again, and null clears. */
export function amendOrder(
  { orders, requests }: Known,
  requestId: RequestId,
  { terms, requester }: { readonly terms: AmendOrder; readonly requester: Requester },
  at: Circumstances,
): Decision {
  const restriction = restrictionOn('expose', isOperator(requester), at.restrictions);
  if (restriction) return refuse(restriction);
  const order = orders.working[terms.orderId];
  if (!order) return isAskedFor(requests, terms) ? nothing : refuse(missing(terms.orderId, orders, requests));
  if (isWithdrawalInFlight(requests, terms.orderId)) return refuse('request-in-flight');

  const spec = found(at.instrument(order.instrument));
  if (!spec.ok) return refuse(spec.error);
  const refusal =
    priceRefusal(order.side, terms, spec.value) ??
    trailingRefusal(terms.trailingPoints, order.trailingPoints, spec.value) ??
    expiryRefusal(terms.expiresAt, at.now) ??
    (terms.price === order.price ? null : at.limitOnPrice({ ...order, price: terms.price }));
  if (refusal) return refuse(refusal);
  return requestAmendment(requests, requestId, { terms, requester }, order);
}

export type OrderEvent = Recorded<'OrderWorking' | 'OrderAmended' | 'OrderFilled' | 'OrderCancelled' | 'OrderExpired'>;

/**
 * Facts may come late, repeated, or about orders that never stood: a market order fills without working first.
 * What became of its request ends no order: one that we took for never executed and that stands after all, stands.
 */
export function evolveOrders(orders: Orders, event: OrderEvent): void {
  const { orderId } = event.data;
  const order = orders.working[orderId];
  switch (event.type) {
    case 'OrderWorking': {
      if (remembers(orders.ended, orderId)) return;
      const { instrument, side, volumeLots, price, stopLoss, takeProfit, trailingPoints, expiresAt } = event.data;
      const terms = { price, stopLoss, takeProfit, trailingPoints, expiresAt };
      orders.working[orderId] = { instrument, side, lotsLeft: volumeLots, ...terms };
      return;
    }
    case 'OrderAmended': {
      if (!order) return;
      const { price, stopLoss, takeProfit, trailingPoints, expiresAt } = event.data;
      Object.assign(order, { price, stopLoss, takeProfit, trailingPoints, expiresAt });
      return;
    }
    case 'OrderFilled': {
      const lotsLeft = order ? subtract(order.lotsLeft, event.data.volumeLots) : ZERO;
      if (order && isPositive(lotsLeft)) order.lotsLeft = lotsLeft;
      else end(orders, orderId);
      return;
    }
    case 'OrderCancelled':
    case 'OrderExpired':
      end(orders, orderId);
      return;
    default:
      unreachable(event);
  }
}

function end(orders: Orders, orderId: OrderId): void {
  delete orders.working[orderId];
  remember(orders.ended, orderId, ENDED_ORDERS_MAX);
}

/** Why an order that does not stand at the broker cannot be changed: not yet, not any more, or never heard of. */
function missing(orderId: OrderId, { ended }: Orders, requests: Requests): RefusalReason {
  if (requests.open[orderId]?.kind === 'order') return 'request-in-flight';
  return remembers(requests.settled, orderId) || remembers(ended, orderId) ? 'order-not-working' : 'unknown-order';
}

function triggerRefusal(kind: OrderKind, price: Decimal | null): 'price-required' | 'price-not-allowed' | null {
  switch (kind) {
    case 'market':
      return price === null ? null : 'price-not-allowed';
    case 'limit':
    case 'stop':
      return price === null ? 'price-required' : null;
    default:
      return unreachable(kind);
  }
}

const expiryRefusal = (expiresAt: Instant | null, now: Instant): 'expiry-in-the-past' | null =>
  expiresAt !== null && expiresAt <= now ? 'expiry-in-the-past' : null;
