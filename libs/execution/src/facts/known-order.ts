import { requestOfToken } from '@core/contracts/order-token';
import type { SignalOrigin } from '@core/contracts/events/request';
import type { OrderId } from '@core/contracts/primitives';
import type { BookRequest } from '../broker-book.ts';
import { causeOf, factOf, type Cause, type Fact } from '../fact.ts';
import { sideOf, type Trade } from '@core/xapi/translate/sighting';
import { awaitsOutcome, numberOf, requestFor, type Observation, type Knowledge } from '../knowledge.ts';

/** The order that a record's numbers and comment lead to, and what its acceptance still has to say. */
export interface KnownOrder {
  readonly orderId: OrderId;
  readonly signal: SignalOrigin | null;
  readonly cause: Cause;
  /** Not accepted as far as the book knows: the record itself is the proof. */
  readonly unaccepted: BookRequest | null;
}

/** Whose order it is: one that stands, one on its way, or one that ended and came back; null when we know none. */
export function orderOf(view: Knowledge, brokerOrder: string, comment: string | null): KnownOrder | null {
  const { orders, endedOrders } = view.book;
  const standing = orders[brokerOrder];
  if (standing) return { ...known(standing.orderId, standing), signal: standing.signal };

  const request = requestFor(view, brokerOrder, comment);
  if (request?.ask.type === 'OrderRequested') {
    const { orderId, signal } = request.ask.data;
    return { ...known(orderId, request), signal, unaccepted: request.status === 'accepted' ? null : request };
  }

  const marked = view.memory.requestOfNumber.get(brokerOrder) ?? requestOfToken(comment);
  const ended = endedOrders.findLast(
    (order) => order.brokerOrder === brokerOrder || (order.brokerOrder === null && order.orderId === marked),
  );
  return ended ? known(ended.orderId, ended) : null;
}

/** One of our orders is away and its number still unknown: this record may turn out to be its. */
export const mayBeOurs = (view: Knowledge, trade: Trade): boolean =>
  Object.values(view.book.requests).some(
    (request) =>
      awaitsOutcome(request) &&
      request.ask.type === 'OrderRequested' &&
      request.ask.data.instrument === trade.symbol &&
      request.ask.data.side === sideOf(trade) &&
      numberOf(view, request) === null,
  );

/** The acceptance that a record of an order's existence proves, and the cause of what follows from it. */
export function accepted(
  { account }: Knowledge,
  { orderId, unaccepted, cause }: KnownOrder,
  trade: Trade,
  brokerOrder: string,
  { inferred }: Observation,
): { readonly facts: readonly Fact[]; readonly cause: Cause } {
  if (unaccepted === null) return { facts: [], cause };
  const evidence = inferred ? `found at the broker as ${trade.order}` : null;
  const data = { orderId, brokerRequest: brokerOrder, evidence };
  const acceptance = factOf(account, { type: 'OrderAccepted', data }, { key: orderId }, trade.openedAt, cause);
  return { facts: [acceptance], cause: causeOf(acceptance) };
}

const known = (orderId: OrderId, { correlationid, lastEventId }: Cause): KnownOrder => ({
  orderId,
  signal: null,
  cause: { correlationid, lastEventId },
  unaccepted: null,
});
