import { requestOfToken } from '@core/contracts/order-token';
import { sum } from '@core/kernel/decimal';
import type { AccountTracker } from '../account-tracker.ts';
import { knownOrderOf, type KnownOrder } from '../facts/known-order.ts';
import { openingFacts } from '../facts/position-facts.ts';
import { numberOf } from '../knowledge.ts';
import type { DealReport, PositionReport } from '../report.ts';
import type { Reconciliation } from './reconciliation.ts';

// Positions that opened while nobody listened.

/** False where the opening is not to be told, and nothing that followed from it. */
export function tellOpened(
  { tracker, observation }: Reconciliation,
  report: PositionReport,
  order: KnownOrder | null,
): boolean {
  const { facts, waitFor } = openingFacts(tracker, report, order, observation);
  return tracker.tell(facts).length > 0 || waitFor !== undefined;
}

type Whole = Pick<PositionReport, 'volumeLots' | 'commission' | 'swap'>;

/** What a position was before it came apart. */
export const wholeOf = (parts: readonly Whole[]): Whole => ({
  volumeLots: sum(parts.map(({ volumeLots }) => volumeLots)),
  commission: sum(parts.map(({ commission }) => commission)),
  swap: sum(parts.map(({ swap }) => swap)),
});

/** What a position that only its closing deals tell of was, when it was opened; by which order they do not say. */
export const openingFromDeal = (last: DealReport, whole: Whole): PositionReport => ({
  about: 'position',
  position: last.position,
  origin: null,
  instrument: last.instrument,
  digits: last.digits,
  side: last.side,
  ...whole,
  price: last.openPrice,
  closePrice: last.closePrice,
  stopLoss: last.stopLoss,
  takeProfit: last.takeProfit,
  trailingPoints: null,
  profit: last.profit,
  openedAt: last.openedAt,
  comment: last.comment,
});

/** A closing deal does not say which order opened its position; its comment may. */
export function orderByMark(tracker: AccountTracker, { comment }: DealReport): KnownOrder | null {
  const marked = requestOfToken(comment);
  if (marked === null) return null;
  const standing = Object.entries(tracker.book.orders).find(([, { orderId }]) => orderId === marked);
  const request = tracker.book.requests[marked];
  return knownOrderOf(tracker, standing?.[0] ?? (request ? numberOf(tracker, request) : null), comment);
}
