import type { Drift } from '@core/contracts/events/account';
import type { AccountTracker } from '../account-tracker.ts';
import type { Fact } from '../fact.ts';
import { dealFacts } from '../facts/deal-facts.ts';
import { knownOrderOf } from '../facts/known-order.ts';
import { openingFacts } from '../facts/position-facts.ts';
import { brokerKeyOf, type Conclusion, type Now } from '../knowledge.ts';
import type { BrokerSnapshot, DealReport, StandingReport } from '../report.ts';
import { tellContradiction } from './contradicted.ts';
import { tellGoneOrders, tellMissingPositions } from './missing.ts';
import { openingFromDeal, orderByMark, tellOpened, wholeOf } from './opened.ts';
import { Reconciliation, type ReconcileOptions } from './reconciliation.ts';
import { tellRenumbered } from './renumbered.ts';
import { settleRequests } from './requests.ts';

export interface Reconciled {
  readonly facts: readonly Fact[];
  /** All differences, told as facts or not. */
  readonly drifts: readonly Drift[];
  /** Whether the broker's own records say how every difference came about. */
  readonly isExplained: boolean;
  /** What the broker lists, for the record. */
  readonly positions: number;
  readonly orders: number;
  /** Something takes a second look, after `Patience.againMs`. */
  readonly lookAgain: boolean;
}

/**
 * Compares what the broker says with the book and tells the difference as ordinary facts, marked inferred.
 * Ids follow from content, so what arrives later adds nothing to what was told here.
 * What merely is absent is not believed at once: it takes two snapshots.
 */
export function reconcile(
  tracker: AccountTracker,
  snapshot: BrokerSnapshot,
  now: Now,
  options: ReconcileOptions,
): Reconciled {
  const reconciliation = new Reconciliation(tracker, snapshot, now, options);
  tracker.compare(
    (facts) => reconciliation.review(facts),
    () => {
      clearContradictedMarks(reconciliation);
      tellRenumbered(reconciliation);
      for (const report of snapshot.standing) tellStanding(reconciliation, report);
      reconciliation.dropAgreed();
      for (const [position, deals] of reconciliation.dealsOf) tellDeals(reconciliation, position, deals);
      tracker.settle(now);
      tellMissingPositions(reconciliation);
      tellGoneOrders(reconciliation);
      settleRequests(reconciliation);
      const isFinal = !tracker.memory.mayMoveMoney && !reconciliation.lookAgain;
      tracker.settleSnapshot(snapshot, now, { isFinal, adopts: options.adopts('balance') });
      const { disordered } = tracker.recent;
      for (const key of disordered) if (!reconciliation.isNewer(key)) disordered.delete(key);
    },
  );
  const { facts, drifts, isExplained, positions, orders, lookAgain } = reconciliation;
  return {
    facts,
    drifts: [...drifts.values()],
    isExplained,
    positions: positions.size,
    orders: orders.size,
    lookAgain,
  };
}

/** An end was announced long ago, its deal is nowhere and the broker still lists the thing: the mark was wrong. */
function clearContradictedMarks({ tracker, snapshot, options, positions, orders, dealsOf }: Reconciliation): void {
  const { closing, goneOrders } = tracker.memory;
  const isOld = (sinceMs: number): boolean => snapshot.askedMs - sinceMs > options.patience.againMs;
  for (const [number, sinceMs] of closing)
    if (isOld(sinceMs) && positions.has(number) && !dealsOf.has(number)) closing.delete(number);
  for (const [number, { sinceMs }] of goneOrders) if (isOld(sinceMs) && orders.has(number)) goneOrders.delete(number);
}

function tellStanding(reconciliation: Reconciliation, report: StandingReport): void {
  const { tracker } = reconciliation;
  const number = brokerKeyOf(report);
  if (reconciliation.isNewer(number) || reconciliation.continued.has(number)) return;
  if (tellContradiction(reconciliation, report)) return;

  if (report.about === 'position' && !tracker.book.positions[report.position]) {
    const untold = reconciliation.untoldDeals(report.position);
    if (untold.length > 0) {
      // Opened and closed in part while nobody listened: it was opened with all of it.
      const order = knownOrderOf(tracker, report.origin, report.comment);
      if (!tellOpened(reconciliation, { ...report, ...wholeOf([report, ...untold]) }, order)) return;
    }
  }
  const { facts, waitFor, remainderOf } = conclusionFrom(reconciliation, report);
  if (remainderOf !== undefined && report.about === 'position') tracker.memory.remainders.set(remainderOf, report);
  if (waitFor !== undefined) reconciliation.lookAgain = true;
  tracker.tell(facts);
}

/** What still is listed itself goes on in nothing else. */
function conclusionFrom({ tracker, observation, positions }: Reconciliation, report: StandingReport): Conclusion {
  const conclusion = tracker.factsOf(report, observation);
  const { remainderOf } = conclusion;
  if (report.about === 'order' || remainderOf === undefined) return conclusion;
  if (remainderOf === report.position || !positions.has(remainderOf)) return conclusion;
  return openingFacts(tracker, report, knownOrderOf(tracker, report.origin, report.comment), observation);
}

function tellDeals(reconciliation: Reconciliation, position: string, deals: readonly DealReport[]): void {
  const { tracker, observation, now } = reconciliation;
  const untold = reconciliation.untoldDeals(position);
  const last = deals.at(-1);
  if (untold.length === 0 || last === undefined || reconciliation.continued.has(position)) return;

  if (!tracker.book.positions[position]) {
    if (reconciliation.positions.has(position) || !reconciliation.isOurs(last)) return;
    if (!tellOpened(reconciliation, openingFromDeal(last, wholeOf(untold)), orderByMark(tracker, last))) return;
  }
  const { memory } = tracker;
  const streamed = memory.deals.get(position);
  for (const deal of untold) memory.addDeal(deal, now.ms);
  const { facts, waitFor } = dealFacts(tracker, position, memory.deals.get(position) ?? [], observation);
  if (waitFor !== undefined) reconciliation.lookAgain = true;
  else if (tracker.tell(facts).length === 0) memory.replaceDeals(position, streamed);
}
