import type { Recorded, RecordedEvent } from '@core/contracts/event';
import {
  ACCOUNT_EVENTS,
  ignoring,
  POSITION_EVENTS,
  UPKEEP_EVENTS,
  RESTRICTION_EVENTS,
  SIGNAL_EVENTS,
} from '@core/contracts/ignoring';
import type { Decimal, OrderId, RequestId } from '@core/contracts/primitives';
import { add, compare, divide, multiply, ZERO } from '@core/kernel/decimal';
import { present } from '@core/kernel/present';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { answered, asked, type RequestedChange } from './changes.ts';
import { end, forgetEnded, type Ended } from './ended.ts';
import { momentOf } from './moment.ts';
import { amended, appeared, type OrderState, type OrderStatus } from './order-state.ts';

export interface AccountOrders {
  /** Living orders, and ended ones for a day (see `ended.ts`), in order of appearance. */
  orders: Record<OrderId, OrderState>;
  ended: Ended[];
  /** Amendments and cancellations on their way, by request. */
  requests: Record<RequestId, RequestedChange<'amendment' | 'cancellation'>>;
}

const ignored = ignoring(
  'CloseRequested',
  ...ACCOUNT_EVENTS,
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
  ...POSITION_EVENTS,
);

/**
 * The orders of an account, ours and those placed elsewhere. Read by tv-gateway, ws-session and the operator.
 * Facts about an order that never appeared (a fill seen without its order) are left to `positions`, which has the money.
 */
export const accountOrders: Projection<AccountOrders, RecordedEvent> = {
  name: 'orders',
  version: 7,

  initial: () => ({ orders: {}, ended: [], requests: {} }),

  evolve(state, event) {
    forgetEnded(state.ended, state.orders, event.recordedtime);
    if (ignored(event)) return;

    switch (event.type) {
      case 'OrderRequested': {
        const { orderId, trailingPoints = null, requester, signal } = event.data;
        const ours = { trailingPoints, requester, signal, brokerOrder: null, comment: null, inferred: false };
        state.orders[orderId] = appeared(event, 'placing', event.data, ours);
        return;
      }
      case 'OrderWorking':
        return working(state, event);
      case 'OrderAmended': {
        const order = state.orders[event.data.orderId];
        if (order) amended(order, event);
        return;
      }
      case 'OrderFilled':
        return filled(state, event);
      case 'OrderCancelled':
        return ended(state, event.data.orderId, 'cancelled', event.data.reason, event);
      case 'OrderExpired':
        return ended(state, event.data.orderId, 'expired', 'expired', event);

      case 'AmendmentRequested':
        if (event.data.terms.target === 'position') return;
        asked(changes(state), event.data.requestId, { kind: 'amendment', id: event.data.terms.orderId }, event);
        return;
      case 'CancellationRequested':
        asked(changes(state), event.data.requestId, { kind: 'cancellation', id: event.data.orderId }, event);
        return;

      case 'RequestDispatched':
      case 'RequestOutcomeUnknown':
        if (event.data.kind === 'order') placed(state, event);
        return;
      case 'RequestAccepted':
      case 'RequestRejected':
      case 'RequestExpired':
      case 'RequestResolved':
        if (event.data.kind === 'order') return placed(state, event);
        answered(changes(state), event);
        return;
      default:
        return unreachable(event);
    }
  },
};

const changes = ({ orders, requests }: AccountOrders) => ({ things: orders, requests });

const isFinal = ({ status }: OrderState): boolean =>
  status === 'filled' || status === 'cancelled' || status === 'rejected' || status === 'expired';

/** Final is final: what comes late about an ended order changes nothing, except the two cases that say so. */
function living(state: AccountOrders, id: OrderId): OrderState | undefined {
  const order = state.orders[id];
  return order && !isFinal(order) ? order : undefined;
}

/** An order that we took for failed and that stands at the broker after all is alive again: the broker is right. */
function working(state: AccountOrders, event: Recorded<'OrderWorking'>): void {
  const { orderId, brokerOrder, instrument, contract, side, kind, volumeLots } = event.data;
  const order = state.orders[orderId];
  if (!order) {
    const { trailingPoints, comment, inferred } = event.data;
    const theirs = { trailingPoints, requester: null, signal: null, brokerOrder, comment, inferred };
    state.orders[orderId] = appeared(event, 'working', event.data, theirs);
    return;
  }
  const failedByOurAccount =
    order.status === 'rejected' || order.endReason === 'not-sent' || order.endReason === 'not-executed';
  if (isFinal(order) && !failedByOurAccount) return;
  Object.assign(order, { brokerOrder, instrument, contract, side, kind, volumeLots });
  amended(order, event);
  order.status = 'working';
  order.endReason = order.finished = order.keptUntil = null;
}

/** A fill is money: it counts even where the order was taken for dead. */
function filled(state: AccountOrders, event: Recorded<'OrderFilled'>): void {
  const { orderId, positionId, volumeLots, price } = event.data;
  const order = state.orders[orderId];
  if (!order) return;
  order.fills.push({ positionId, volumeLots, price, at: event.time });
  order.filledLots = add(order.filledLots, volumeLots);
  order.averagePrice = averagePrice(order);
  if (compare(order.filledLots, order.volumeLots) >= 0) {
    order.endReason = null;
    return finish(state, order, 'filled', event);
  }
  if (!isFinal(order)) order.status = 'working';
  order.updated = momentOf(event);
}

function averagePrice({ fills, filledLots }: OrderState): Decimal | null {
  if (fills.length === 1) return fills[0]?.price ?? null;
  let paid = ZERO;
  for (const fill of fills) paid = add(paid, multiply(fill.volumeLots, fill.price));
  return divide(paid, filledLots);
}

function finish(state: AccountOrders, order: OrderState, status: OrderStatus, event: RecordedEvent): void {
  order.status = status;
  order.finished = order.updated = momentOf(event);
  end(state.ended, order.id, order, event.recordedtime);
}

function ended(
  state: AccountOrders,
  id: OrderId,
  status: 'cancelled' | 'expired',
  reason: OrderState['endReason'],
  event: RecordedEvent,
): void {
  const order = living(state, id);
  if (!order) return;
  order.endReason = reason;
  return finish(state, order, status, event);
}

type Step = Recorded<
  | 'RequestDispatched'
  | 'RequestAccepted'
  | 'RequestRejected'
  | 'RequestOutcomeUnknown'
  | 'RequestExpired'
  | 'RequestResolved'
>;

/** What became of the request that an order is. */
function placed(state: AccountOrders, event: Step): void {
  const { requestId } = event.data;
  if (event.type === 'RequestDispatched') {
    const order = present(state.orders[requestId], `${requestId} dispatched, never requested`);
    order.dispatched = order.updated = momentOf(event);
    return;
  }
  const order = living(state, requestId);
  if (!order) return;
  switch (event.type) {
    case 'RequestAccepted':
      order.accepted = order.updated = momentOf(event);
      order.brokerOrder ??= event.data.brokerRequest;
      if (order.status === 'unknown') order.status = 'placing';
      return;
    case 'RequestOutcomeUnknown':
      if (order.status !== 'placing') return;
      order.status = 'unknown';
      order.updated = momentOf(event);
      return;
    case 'RequestRejected': {
      const { reason, brokerCode, text } = event.data;
      order.rejection = { kind: 'order', reason, brokerCode, text, at: event.time };
      return finish(state, order, 'rejected', event);
    }
    case 'RequestExpired':
      return ended(state, requestId, 'expired', event.data.reason, event);
    case 'RequestResolved':
      return resolved(state, order, event);
    default:
      return unreachable(event);
  }
}

/** Executed in an operator's eyes: it stands or is done, though the broker's own facts may still follow. */
function resolved(state: AccountOrders, order: OrderState, event: Recorded<'RequestResolved'>): void {
  if (!event.data.executed) return ended(state, order.id, 'expired', 'not-executed', event);
  if (order.kind === 'market') return finish(state, order, 'filled', event);
  order.status = 'working';
  order.updated = momentOf(event);
}
