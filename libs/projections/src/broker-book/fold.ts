import type { Event, EventOf, EventBody } from '@core/contracts/event';
import { ignoring, UPKEEP_EVENTS, RESTRICTION_EVENTS, SIGNAL_EVENTS } from '@core/contracts/ignoring';
import type { Instant, OrderId } from '@core/contracts/primitives';
import { add, compare, ZERO } from '@core/kernel/decimal';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { accrue, noAccruals } from '../accruals.ts';
import { positionLife, type BrokerBook, type Forgotten } from './state.ts';
import {
  requestAccepted,
  beforeOf,
  requestDispatched,
  requestDoubted,
  effected,
  open,
  requestOver,
  requestAsked,
  targetAmended,
  targetGone,
  standing,
} from './requests.ts';

const ignored = ignoring(
  'AccountRegistered',
  'AccountSessionOpened',
  'AccountSessionLost',
  'EquityMarked',
  'AccountReconciled',
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
);

/** How many ended things a book keeps of each kind. */
export const BOOK_KEEPS = 1000;

/**
 * A connector's belief about the broker. It needs no place in the log, so a connector may also apply what it has just
 * sent, before that comes back with a position. Facts about what never stood here change nothing.
 */
export const brokerBook: Projection<BrokerBook, Event> = {
  name: 'broker-book',
  version: 10,

  initial: () => ({
    since: null,
    terms: null,
    termsChanges: 0,
    money: null,
    moneyChanges: 0,
    accruals: noAccruals(),
    bookings: [],
    lastDealAt: null,
    positions: {},
    orders: {},
    requests: {},
    closedPositions: [],
    endedOrders: [],
    forgotten: { positions: { count: 0, until: null }, orders: { count: 0, until: null } },
    numbers: {},
    asked: {},
  }),

  evolve(book, event) {
    book.since ??= event.time;
    if (ignored(event)) return;
    accrue(book.accruals, event, book.money);

    switch (event.type) {
      case 'AccountUpdated':
        book.terms = event.data;
        book.termsChanges += 1;
        return;
      case 'BalanceChanged':
        return balanced(book, event.data);

      case 'OrderRequested':
        return requestAsked(book, event, event.data.orderId, { type: event.type, data: event.data }, null);
      case 'CancellationRequested':
        return requestAsked(book, event, event.data.requestId, { type: event.type, data: event.data }, null);
      case 'CloseRequested': {
        const before = beforeOf(book, event.data.positionId);
        return requestAsked(book, event, event.data.requestId, { type: event.type, data: event.data }, before);
      }
      case 'AmendmentRequested': {
        const { terms } = event.data;
        const before = beforeOf(book, terms.target === 'order' ? terms.orderId : terms.positionId);
        return requestAsked(book, event, event.data.requestId, { type: event.type, data: event.data }, before);
      }

      case 'RequestDispatched':
        return requestDispatched(book, event, event.data.requestId);
      case 'RequestAccepted':
        return requestAccepted(book, event);
      case 'RequestOutcomeUnknown':
        return requestDoubted(book, event, event.data.requestId);
      case 'RequestRejected':
      case 'RequestExpired': {
        const { kind, requestId } = event.data;
        return kind === 'order' ? ended(book, event, requestId) : requestOver(book, requestId);
      }
      // What an operator says of its request does not end an order that stands.
      case 'RequestResolved': {
        const { kind, requestId } = event.data;
        return kind === 'order' && !(requestId in book.numbers)
          ? ended(book, event, requestId)
          : requestOver(book, requestId);
      }

      case 'OrderCancelled':
      case 'OrderExpired':
        return ended(book, event, event.data.orderId);

      case 'OrderWorking':
        return working(book, event);
      case 'OrderAmended': {
        const { orderId, inferred: _, ...terms } = event.data;
        const order = standing(book, orderId);
        if (!order) return;
        Object.assign(order, terms, { lastEventId: event.id });
        order.amendments += 1;
        return targetAmended(book, orderId);
      }
      case 'OrderFilled':
        return filled(book, event);

      case 'PositionOpened':
        return opened(book, event);
      case 'PositionAmended': {
        const { positionId, inferred: _, ...terms } = event.data;
        const position = open(book, positionId);
        if (!position) return;
        Object.assign(position, terms, { lastEventId: event.id });
        position.amendments += 1;
        return targetAmended(book, positionId);
      }
      case 'PositionSwapCharged': {
        const position = open(book, event.data.positionId);
        if (!position) return;
        position.swap = event.data.swap;
        position.swapCharges += 1;
        position.lastEventId = event.id;
        return;
      }
      case 'PositionReduced':
        return reduced(book, event);
      case 'PositionClosed':
        return closed(book, event);
      default:
        return unreachable(event);
    }
  },
};

function balanced(book: BrokerBook, { balance, credit, operation }: EventBody<'BalanceChanged'>['data']): void {
  book.money = { balance, credit };
  book.moneyChanges += 1;
  if (operation === null || operation.type === 'trading' || operation.type === 'correction') return;
  if (operation.reference !== null) keep(book.bookings, operation.reference);
}

/** The end of an order is the effect of everything that was asked of it, and the end of its own request. */
function ended(book: BrokerBook, event: Event, orderId: OrderId, brokerOrder: string | null = null): void {
  const number = book.numbers[orderId];
  const request = book.requests[orderId];
  const end = {
    orderId,
    brokerOrder: number ?? brokerOrder ?? request?.brokerRequest ?? null,
    at: event.time,
    correlationid: request?.correlationid ?? book.orders[number ?? '']?.correlationid ?? event.correlationid,
    lastEventId: event.id,
  };
  forget(book.forgotten.orders, keep(book.endedOrders, end));
  if (number !== undefined) delete book.orders[number];
  delete book.numbers[orderId];
  if (event.type !== 'OrderFilled') requestOver(book, orderId);
  return targetGone(book, orderId);
}

function working(book: BrokerBook, event: EventOf<'OrderWorking'>): void {
  const { orderId, brokerOrder, instrument, side, kind, volumeLots } = event.data;
  const { price, stopLoss, takeProfit, trailingPoints, expiresAt, comment } = event.data;
  const request = book.requests[orderId];
  book.numbers[orderId] = brokerOrder;
  book.orders[brokerOrder] = {
    orderId,
    instrument,
    side,
    kind,
    volumeLots,
    filledLots: ZERO,
    price,
    stopLoss,
    takeProfit,
    trailingPoints,
    expiresAt,
    comment,
    signal: request?.ask.type === 'OrderRequested' ? request.ask.data.signal : null,
    amendments: 0,
    correlationid: event.correlationid,
    lastEventId: event.id,
  };
  return effected(book, orderId);
}

function filled(book: BrokerBook, event: EventOf<'OrderFilled'>): void {
  const { orderId, volumeLots } = event.data;
  const request = book.requests[orderId];
  const order = standing(book, orderId);
  const wanted = order?.volumeLots ?? (request?.ask.type === 'OrderRequested' ? request.ask.data.volumeLots : null);
  const filling = order ?? request;
  if (!filling || wanted === null) return;
  filling.filledLots = filling.filledLots === ZERO ? volumeLots : add(filling.filledLots, volumeLots);
  filling.lastEventId = event.id;
  if (compare(filling.filledLots, wanted) >= 0) ended(book, event, orderId);
}

function opened(book: BrokerBook, event: EventOf<'PositionOpened'>): void {
  const { positionId, brokerPosition, orderId, instrument, side, volumeLots, price } = event.data;
  const { openedAt, stopLoss, takeProfit, trailingPoints, swap, commission, comment } = event.data;
  book.numbers[positionId] = brokerPosition;
  book.positions[brokerPosition] = {
    positionId,
    orderId,
    instrument,
    side,
    volumeLots,
    price,
    openedAt,
    stopLoss,
    takeProfit,
    trailingPoints,
    swap,
    commission,
    comment,
    amendments: 0,
    swapCharges: 0,
    deals: [],
    since: positionLife(book, brokerPosition, openedAt) > 1 ? event.time : null,
    correlationid: event.correlationid,
    lastEventId: event.id,
  };
}

/** What remains may have a new number; then the old one is as closed as any. */
function reduced(book: BrokerBook, event: EventOf<'PositionReduced'>): void {
  const { positionId, brokerPosition, remainingLots, deal, requestId } = event.data;
  const number = book.numbers[positionId];
  const position = book.positions[number ?? ''];
  if (number === undefined || !position) return;
  position.volumeLots = remainingLots;
  position.swap = event.data.remainingSwap;
  position.commission = event.data.remainingCommission;
  position.deals.push(deal);
  position.lastEventId = event.id;
  if (brokerPosition !== number) {
    delete book.positions[number];
    positionGone(book, number, event.time);
    book.positions[brokerPosition] = position;
    book.numbers[positionId] = brokerPosition;
  }
  dealt(book, event.time);
  if (requestId !== null) effected(book, requestId);
}

function closed(book: BrokerBook, event: EventOf<'PositionClosed'>): void {
  const { positionId, closedAt } = event.data;
  const number = book.numbers[positionId];
  if (number === undefined) return;
  delete book.positions[number];
  delete book.numbers[positionId];
  positionGone(book, number, closedAt);
  dealt(book, closedAt);
  return targetGone(book, positionId);
}

function positionGone(book: BrokerBook, position: string, at: Instant): void {
  forget(book.forgotten.positions, keep(book.closedPositions, { position, at }));
}

function dealt(book: BrokerBook, at: Instant): void {
  if (book.lastDealAt === null || at > book.lastDealAt) book.lastDealAt = at;
}

/** The item that had to go for it, if one had. */
function keep<Item>(items: Item[], newest: Item): Item | undefined {
  items.push(newest);
  return items.length > BOOK_KEEPS ? items.shift() : undefined;
}

function forget(forgotten: Forgotten, oldest: { readonly at: Instant } | undefined): void {
  if (!oldest) return;
  forgotten.count += 1;
  if (forgotten.until === null || oldest.at > forgotten.until) forgotten.until = oldest.at;
}
