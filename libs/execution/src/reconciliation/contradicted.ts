import { compare, ZERO } from '@core/kernel/decimal';
import { isClosed, type BookOrder, type BookPosition, type BrokerBook } from '@core/projections/broker-book/state';
import type { Fact } from '../fact.ts';
import { cancelledFact, hasEnded, worksAgainFacts } from '../facts/order-facts.ts';
import { standsAgainFacts } from '../facts/position-facts.ts';
import { brokerKeyOf } from '../knowledge.ts';
import type { OrderReport, PositionReport, StandingReport } from '../report.ts';
import { closedUnexplained } from './missing.ts';
import type { Reconciliation } from './reconciliation.ts';

/**
 * The broker lists what the book says has ended, or holds otherwise than anything that happens to it could explain.
 * A snapshot is the broker's word: seen twice, what we held is over and what is listed stands, as one of its own.
 * False where nothing of that is so.
 */
export function tellContradiction(reconciliation: Reconciliation, report: StandingReport): boolean {
  const { tracker } = reconciliation;
  const { memory, book } = tracker;
  const key = brokerKeyOf(report);
  const isEnding = report.about === 'position' ? memory.closing.has(key) : memory.goneOrders.has(key);
  if (isEnding || !contradicts(book, report)) return false;
  if (!reconciliation.isContradictedAgain(`${report.about}|${key}`)) return true;

  const { facts, waitFor } =
    report.about === 'position' ? positionStands(reconciliation, report) : orderStands(reconciliation, report);
  if (waitFor !== undefined) reconciliation.lookAgain = true;
  tracker.tell(facts);
  return true;
}

function contradicts(book: BrokerBook, report: StandingReport): boolean {
  if (report.about === 'position') {
    const known = book.positions[report.position];
    return known ? isOtherPosition(known, report) : isClosed(book, report.position);
  }
  const known = book.orders[report.order];
  return known ? isOtherOrder(known, report) : hasEnded(book, report.order);
}

/** Nothing but volume, costs and protection of a position changes, and its volume never grows. */
const isOtherPosition = (known: BookPosition, report: PositionReport): boolean =>
  known.instrument !== report.instrument ||
  known.side !== report.side ||
  known.price !== report.price ||
  compare(report.volumeLots, known.volumeLots) > 0;

/** A part of it that was filled may be gone from its volume. */
const isOtherOrder = (known: BookOrder, report: OrderReport): boolean =>
  known.instrument !== report.instrument ||
  known.side !== report.side ||
  known.kind !== report.kind ||
  (known.filledLots === ZERO && known.volumeLots !== report.volumeLots) ||
  compare(report.volumeLots, known.volumeLots) > 0;

function positionStands({ tracker, observation, now }: Reconciliation, report: PositionReport) {
  const { facts, ...rest } = standsAgainFacts(tracker, report, observation);
  const known = tracker.book.positions[report.position];
  if (!known || facts.length === 0) return { facts, ...rest };
  // Nothing of it was booked: what it cost stands with what is listed.
  const over = { volumeLots: known.volumeLots, price: known.price, swap: ZERO, commission: ZERO };
  return { facts: [closedUnexplained(tracker, known, over, now.at), ...facts] };
}

function orderStands({ tracker, observation }: Reconciliation, report: OrderReport) {
  const { facts, ...rest } = worksAgainFacts(tracker, report, observation);
  const known = tracker.book.orders[report.order];
  if (!known || facts.length === 0) return { facts, ...rest };
  const over: Fact = cancelledFact(tracker, known, 'unknown', known, observation);
  return { facts: [over, ...facts] };
}
