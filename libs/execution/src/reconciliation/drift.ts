import type { Drift } from '@core/contracts/events/account';
import type { OrderId, PositionId } from '@core/contracts/primitives';
import { subtract } from '@core/kernel/decimal';
import { open, standing } from '@core/projections/broker-book/requests';
import { isClosed, type BookOrder, type BookPosition, type BrokerBook } from '@core/projections/broker-book/state';
import type { Fact } from '../fact.ts';
import { hasEnded } from '../facts/order-facts.ts';
import type { AccountTracker } from '../account-tracker.ts';

/**
 * The difference between the book and the broker that made an inferred fact. Null for facts that are none: what a
 * request of ours led to is its answer, however late, and what the stream spoke of needed only its reason or its order.
 */
export function driftOf(
  { book, memory, recent }: Pick<AccountTracker, 'book' | 'memory' | 'recent'>,
  fact: Fact,
): Drift | null {
  const drift = isOurs(book, fact) ? null : differenceOf(book, fact);
  if (drift === null) return null;
  return [memory.closing, memory.goneOrders, recent.disordered].some((spokenOf) => spokenOf.has(drift.brokerKey))
    ? null
    : drift;
}

/** It belongs to a request of ours that is not over. */
export const isOurs = (book: BrokerBook, { correlationid }: Fact): boolean =>
  Object.values(book.requests).some((request) => request.correlationid === correlationid);

/** The broker's own records say how it came: no position that vanished without a deal, no money without a booking. */
export function isExplained(fact: Fact): boolean {
  switch (fact.type) {
    case 'PositionReduced':
    case 'PositionClosed':
      return fact.data.deal !== '';
    case 'BalanceChanged':
      return false;
    default:
      return true;
  }
}

function differenceOf(book: BrokerBook, fact: Fact): Drift | null {
  switch (fact.type) {
    case 'PositionOpened': {
      const { brokerPosition, side, volumeLots, instrument, inferred } = fact.data;
      const ours = isClosed(book, brokerPosition) ? 'closed' : null;
      return inferred ? position(brokerPosition, ours, `${side} ${volumeLots} ${instrument}`) : null;
    }
    case 'PositionAmended': {
      const [number, known] = positionOf(book, fact.data.positionId);
      return fact.data.inferred ? position(number, known && protection(known), protection(fact.data)) : null;
    }
    case 'PositionSwapCharged': {
      const [number, known] = positionOf(book, fact.data.positionId);
      return fact.data.inferred ? position(number, known && `swap ${known.swap}`, `swap ${fact.data.swap}`) : null;
    }
    case 'PositionReduced': {
      const [number, known] = positionOf(book, fact.data.positionId);
      const { inferred, remainingLots } = fact.data;
      return inferred ? position(number, known && `${known.volumeLots} lots`, `${remainingLots} lots`) : null;
    }
    case 'PositionClosed': {
      const [number, known] = positionOf(book, fact.data.positionId);
      return fact.data.inferred ? position(number, known && `${known.volumeLots} lots`, 'closed') : null;
    }
    case 'OrderWorking': {
      const { brokerOrder, side, kind, volumeLots, instrument, price, inferred } = fact.data;
      const ours = hasEnded(book, brokerOrder) ? 'ended' : null;
      return inferred ? order(brokerOrder, ours, `${side} ${kind} ${volumeLots} ${instrument} at ${price}`) : null;
    }
    case 'OrderAmended': {
      const [number, known] = orderOf(book, fact.data.orderId);
      const ours = known && `at ${known.price}, ${protection(known)}`;
      return fact.data.inferred ? order(number, ours, `at ${fact.data.price}, ${protection(fact.data)}`) : null;
    }
    case 'OrderCancelled':
    case 'OrderExpired':
    case 'OrderFilled': {
      const [number, known] = orderOf(book, fact.data.orderId);
      return fact.data.inferred && known ? order(number, 'working', END[fact.type]) : null;
    }
    case 'BalanceChanged': {
      const { balance, operation } = fact.data;
      if (operation?.type !== 'correction') return null;
      return { kind: 'balance', brokerKey: '', ours: subtract(balance, operation.delta), theirs: balance };
    }
    default:
      return null;
  }
}

const END = { OrderCancelled: 'cancelled', OrderExpired: 'expired', OrderFilled: 'filled' } as const;

type Side = string | null | undefined;

const position = (brokerKey: string, ours: Side, theirs: Side): Drift => drift('position', brokerKey, ours, theirs);
const order = (brokerKey: string, ours: Side, theirs: Side): Drift => drift('order', brokerKey, ours, theirs);

const drift = (kind: Drift['kind'], brokerKey: string, ours: Side, theirs: Side): Drift => ({
  kind,
  brokerKey,
  ours: ours ?? null,
  theirs: theirs ?? null,
});

const protection = ({
  stopLoss,
  takeProfit,
  trailingPoints,
}: Pick<BookPosition, 'stopLoss' | 'takeProfit' | 'trailingPoints'>): string =>
  `stop loss ${stopLoss ?? 'none'}, take profit ${takeProfit ?? 'none'}` +
  (trailingPoints === null ? '' : `, trailing by ${trailingPoints} points`);

const positionOf = (book: BrokerBook, id: PositionId): [string, BookPosition | null] => [
  book.numbers[id] ?? '',
  open(book, id) ?? null,
];

const orderOf = (book: BrokerBook, id: OrderId): [string, BookOrder | null] => [
  book.numbers[id] ?? '',
  standing(book, id) ?? null,
];
