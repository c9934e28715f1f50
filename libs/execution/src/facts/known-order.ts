import { requestOfToken } from '@core/contracts/order-token';
import type { SignalOrigin } from '@core/contracts/events/request';
import type { Instant, OrderId } from '@core/contracts/primitives';
import type { BookRequest } from '@core/projections/broker-book/state';
import { causeOf, type Cause, type Fact } from '../fact.ts';
import { awaitsOutcome, numberOf, requestFor, type Knowledge, type Observation } from '../knowledge.ts';
import type { StandingReport } from '../report.ts';
import { acceptance } from './request-outcome.ts';

/** The order that a report's numbers and comment lead to, and what its acceptance still has to say. */
export interface KnownOrder {
  readonly orderId: OrderId;
  readonly signal: SignalOrigin | null;
  readonly cause: Cause;
  /** Not accepted as far as the book knows: the report itself is the proof. */
  readonly unaccepted: BookRequest | null;
}

/** Whose order it is: one that stands, one on its way, or one that ended and came back; null when we know none. */
export function knownOrderOf(
  knowledge: Knowledge,
  brokerOrder: string | null,
  comment: string | null,
): KnownOrder | null {
  const { orders, endedOrders } = knowledge.book;
  const standing = orders[brokerOrder ?? ''];
  if (standing) return { ...known(standing.orderId, standing), signal: standing.signal };

  const request = requestFor(knowledge, brokerOrder, comment);
  if (request?.ask.type === 'OrderRequested') {
    const { orderId, signal } = request.ask.data;
    return { ...known(orderId, request), signal, unaccepted: request.status === 'accepted' ? null : request };
  }

  const marked = knowledge.memory.requestOfNumber.get(brokerOrder ?? '') ?? requestOfToken(comment);
  const ended = endedOrders.findLast((order) =>
    order.brokerOrder === null ? order.orderId === marked : order.brokerOrder === brokerOrder,
  );
  return ended ? known(ended.orderId, ended) : null;
}

/** One of our orders is at the broker and its number still unknown: this report may turn out to be of it. */
export const mayBeOurs = (knowledge: Knowledge, { instrument, side }: StandingReport): boolean =>
  Object.values(knowledge.book.requests).some(
    (request) =>
      awaitsOutcome(request) &&
      request.ask.type === 'OrderRequested' &&
      request.ask.data.instrument === instrument &&
      request.ask.data.side === side &&
      numberOf(knowledge, request) === null,
  );

/** The acceptance that the existence of something at the broker proves, and the cause of what follows from it. */
export function provenAcceptance(
  knowledge: Knowledge,
  { unaccepted, cause }: KnownOrder,
  /** Null where the report does not say. */
  brokerOrder: string | null,
  found: { readonly as: string; readonly at: Instant },
  { inferred }: Observation,
): { readonly facts: readonly Fact[]; readonly cause: Cause } {
  if (unaccepted === null) return { facts: [], cause };
  const evidence = inferred ? `found at the broker as ${found.as}` : null;
  const brokerRequest = brokerOrder ?? numberOf(knowledge, unaccepted);
  const proven = acceptance(knowledge.account, unaccepted, brokerRequest, evidence, found.at);
  return { facts: [proven], cause: causeOf(proven) };
}

const known = (orderId: OrderId, { correlationid, lastEventId }: Cause): KnownOrder => ({
  orderId,
  signal: null,
  cause: { correlationid, lastEventId },
  unaccepted: null,
});
