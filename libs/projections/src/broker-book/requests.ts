import type { Event, EventOf } from '@core/contracts/event';
import type { AmendmentTerms } from '@core/contracts/events/request';
import type { OrderId, PositionId, RequestId } from '@core/contracts/primitives';
import { ZERO } from '@core/kernel/decimal';
import { present } from '@core/kernel/present';
import { unreachable } from '@core/kernel/unreachable';
import type { Ask, Before, BookOrder, BookPosition, BookRequest, BrokerBook } from './state.ts';

// The life of a request in a broker book: it is over when its outcome and, if it was accepted, its effect are known.

export function requestAsked(book: BrokerBook, event: Event, id: RequestId, ask: Ask, before: Before | null): void {
  book.requests[id] = {
    requestId: id,
    ask,
    status: 'requested',
    effected: false,
    requestedAt: event.time,
    dispatchedAt: null,
    brokerRequest: null,
    filledLots: ZERO,
    before,
    correlationid: event.correlationid,
    lastEventId: event.id,
  };
  (book.asked[targetOf(ask)] ??= []).push(id);
}

export function requestDispatched(book: BrokerBook, event: Event, id: RequestId): void {
  const request = present(book.requests[id], `${id} was dispatched without an open request`);
  request.status = 'dispatched';
  request.dispatchedAt = event.time;
  // Another change may have been executed while it waited: what it sets out from is what stands now.
  if (request.before) request.before = beforeOf(book, targetOf(request.ask)) ?? request.before;
  request.lastEventId = event.id;
}

export function requestDoubted(book: BrokerBook, event: Event, id: RequestId): void {
  const request = book.requests[id];
  if (!request || request.status === 'accepted') return;
  request.status = 'unknown';
  request.lastEventId = event.id;
}

export function requestAccepted(book: BrokerBook, { id: eventId, data }: EventOf<'RequestAccepted'>): void {
  const { kind, requestId: id, brokerRequest } = data;
  const request = book.requests[id];
  if (kind === 'order' && request?.effected !== false) acceptedLate(book, id, brokerRequest);
  if (!request) return;
  request.status = 'accepted';
  request.brokerRequest = brokerRequest;
  request.lastEventId = eventId;
  if (request.effected) requestOver(book, id);
}

/** The order may have ended before its number was known. */
function acceptedLate(book: BrokerBook, id: OrderId, brokerRequest: string | null): void {
  const ended = book.endedOrders.findLast(({ orderId }) => orderId === id);
  if (ended) ended.brokerOrder ??= brokerRequest;
}

/** The target is gone: nothing that was asked of it can have an effect any more. */
export function targetGone(book: BrokerBook, target: OrderId | PositionId): void {
  for (const id of book.asked[target]?.slice() ?? []) effected(book, id);
}

/** The target was amended, by any amendment that may have reached the broker. */
export function targetAmended(book: BrokerBook, target: OrderId | PositionId): void {
  for (const id of book.asked[target]?.slice() ?? []) {
    const request = book.requests[id];
    if (request?.ask.type === 'AmendmentRequested' && request.status !== 'requested') effected(book, id);
  }
}

/**
 * A request that must wait: an amendment while another one of its target is on its way to the broker, an order that
 * reverses a position until its close is accepted or over.
 */
export function isBehindAnother(book: BrokerBook, { requestId, ask }: BookRequest): boolean {
  if (ask.type === 'OrderRequested') {
    const close = ask.data.reverses && book.requests[ask.data.reverses.closeId];
    return close !== undefined && close.status !== 'accepted';
  }
  if (ask.type !== 'AmendmentRequested') return false;
  return (book.asked[targetOf(ask)] ?? []).some((id) => {
    const other = book.requests[id];
    return id !== requestId && other?.ask.type === 'AmendmentRequested' && other.status === 'dispatched';
  });
}

/** The effect of a request is in the log: it is over if it is accepted, or else once it is. */
export function effected(book: BrokerBook, id: RequestId): void {
  const request = book.requests[id];
  if (!request) return;
  request.effected = true;
  if (request.status === 'accepted') requestOver(book, id);
}

export function requestOver(book: BrokerBook, id: RequestId): void {
  const request = book.requests[id];
  if (!request) return;
  delete book.requests[id];
  const target = targetOf(request.ask);
  const left = book.asked[target]?.filter((each) => each !== id) ?? [];
  if (left.length === 0) delete book.asked[target];
  else book.asked[target] = left;
}

export function standing(book: BrokerBook, id: OrderId): BookOrder | undefined {
  return book.orders[book.numbers[id] ?? ''];
}

export function open(book: BrokerBook, id: PositionId): BookPosition | undefined {
  return book.positions[book.numbers[id] ?? ''];
}

export function beforeOf(book: BrokerBook, id: OrderId | PositionId): Before | null {
  const order = standing(book, id);
  const target = order ?? open(book, id);
  if (!target) return null;
  const { volumeLots, stopLoss, takeProfit, trailingPoints } = target;
  return { volumeLots, price: order?.price ?? null, stopLoss, takeProfit, trailingPoints };
}

/**
 * The trailing stop that an amendment sets or leaves, in points. Where it names none, one that was accepted and is not
 * seen yet counts before the one that stands.
 */
export function trailingPointsOf(book: BrokerBook, terms: AmendmentTerms): number | null {
  if (terms.trailingPoints !== undefined) return terms.trailingPoints;
  const target = terms.target === 'order' ? terms.orderId : terms.positionId;
  const accepted = (book.asked[target] ?? []).flatMap((id) => {
    const { ask, status } = present(book.requests[id], `${id} is asked, and no request`);
    if (ask.type !== 'AmendmentRequested' || status !== 'accepted') return [];
    const { trailingPoints } = ask.data.terms;
    return trailingPoints === undefined ? [] : [trailingPoints];
  });
  const latest = accepted.at(-1);
  if (latest !== undefined) return latest;
  return (standing(book, target) ?? open(book, target))?.trailingPoints ?? null;
}

function targetOf(ask: Ask): OrderId | PositionId {
  switch (ask.type) {
    case 'OrderRequested':
    case 'CancellationRequested':
      return ask.data.orderId;
    case 'CloseRequested':
      return ask.data.positionId;
    case 'AmendmentRequested':
      return ask.data.terms.target === 'order' ? ask.data.terms.orderId : ask.data.terms.positionId;
    default:
      return unreachable(ask);
  }
}
