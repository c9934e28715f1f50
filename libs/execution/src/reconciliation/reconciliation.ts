import type { Drift } from '@core/contracts/events/account';
import type { AccountTracker } from '../account-tracker.ts';
import type { BoundedMap } from '@core/kernel/bounded-map';
import { isClosed, type BookRequest } from '@core/projections/broker-book/state';
import type { Fact } from '../fact.ts';
import { isUntold } from '../facts/deal-facts.ts';
import { byClosing, type Now, type Observation } from '../knowledge.ts';
import type { BrokerSnapshot, DealReport, OrderReport, PositionReport } from '../report.ts';
import { driftOf, isExplained, isOurs } from './drift.ts';
import type { Patience } from './lost-response.ts';

export interface ReconcileOptions {
  readonly patience: Patience;
  /** A snapshot may be older than what the stream said this long before it was asked for. */
  readonly raceMs: number;
  /** How long ago a request was sent; null while its answer is awaited, and nothing is to be concluded. */
  sinceSentMs(request: BookRequest): number | null;
  /** Whether differences of a kind become facts; where not, they are listed and the book keeps what it says. */
  adopts(kind: Drift['kind']): boolean;
}

/** What the steps of one reconciliation share. */
export class Reconciliation {
  readonly observation: Observation;
  readonly positions: ReadonlyMap<string, PositionReport>;
  readonly orders: ReadonlyMap<string, OrderReport>;
  readonly dealsOf: ReadonlyMap<string, readonly DealReport[]>;
  readonly facts: Fact[] = [];
  /** By what they say: one that is not adopted may be met more than once. */
  readonly drifts = new Map<string, Drift>();
  private readonly contradicted = new Set<string>();
  /** Numbers that a position of the book went on under: told with it, or left to the next look. */
  readonly continued = new Set<string>();
  isExplained = true;
  lookAgain = false;

  constructor(
    readonly tracker: AccountTracker,
    readonly snapshot: BrokerSnapshot,
    readonly now: Now,
    readonly options: ReconcileOptions,
  ) {
    this.observation = { at: now.at, inferred: true, late: true };
    const positions = new Map<string, PositionReport>();
    const orders = new Map<string, OrderReport>();
    for (const report of snapshot.standing) {
      if (report.about === 'position') positions.set(report.position, report);
      else orders.set(report.order, report);
    }
    this.positions = positions;
    this.orders = orders;
    this.dealsOf = byPosition(snapshot.history.filter((report) => report.about === 'deal'));
  }

  /** Facts that belong together are told together; the answer to a request of ours is never withheld. */
  review(facts: readonly Fact[]): boolean {
    const { tracker, options } = this;
    let adopted = true;
    for (const fact of facts) {
      const drift = driftOf(tracker, fact);
      if (drift === null) continue;
      this.drifts.set(JSON.stringify(drift), drift);
      this.isExplained &&= isExplained(fact);
      adopted &&= options.adopts(drift.kind);
    }
    const isTold = adopted || facts.some((fact) => isOurs(tracker.book, fact));
    if (isTold) this.facts.push(...facts);
    return isTold;
  }

  /** The stream spoke of it while the snapshot was on its way, or just before: the stream is right. */
  isNewer(brokerKey: string): boolean {
    const spokenOfMs = this.tracker.recent.spokenOfMs(brokerKey);
    return spokenOfMs !== undefined && spokenOfMs > this.snapshot.askedMs - this.options.raceMs;
  }

  /** Absent in an earlier snapshot too, long enough ago. */
  isConfirmed(key: string): boolean {
    return this.isSeenTwice(this.tracker.memory.missingSince, key);
  }

  /** Listed against the book in the snapshots before too, long enough ago. */
  isContradictedAgain(key: string): boolean {
    this.contradicted.add(key);
    return this.isSeenTwice(this.tracker.memory.contradictedSince, key);
  }

  /** What this snapshot no longer says against the book is as if it had never been said. */
  dropAgreed(): void {
    const { contradictedSince } = this.tracker.memory;
    for (const key of contradictedSince.keys()) if (!this.contradicted.has(key)) contradictedSince.delete(key);
  }

  private isSeenTwice(since: BoundedMap<string, number>, key: string): boolean {
    const { askedMs } = this.snapshot;
    const first = since.get(key);
    const isTwice = first !== undefined && askedMs - first >= this.options.patience.againMs;
    if (first === undefined) since.set(key, askedMs);
    if (isTwice) since.delete(key);
    else this.lookAgain = true;
    return isTwice;
  }

  /** The position that an order became. */
  fillOf(brokerOrder: string | null): PositionReport | undefined {
    if (brokerOrder === null) return undefined;
    return [...this.positions.values()].find(({ origin }) => origin === brokerOrder);
  }

  /** Closed trades from before the account was registered are none of ours. */
  isOurs({ closedAt, openedAt }: DealReport): boolean {
    const { since } = this.tracker.book;
    return since !== null && (closedAt ?? openedAt) >= since;
  }

  /** Deals of a position that the book does not tell, oldest first. */
  untoldDeals(position: string): readonly DealReport[] {
    const { book } = this.tracker;
    if (isClosed(book, position)) return [];
    const known = book.positions[position];
    return (this.dealsOf.get(position) ?? []).filter((deal) => !known || isUntold(known, deal));
  }
}

function byPosition(deals: readonly DealReport[]): ReadonlyMap<string, readonly DealReport[]> {
  const groups = new Map<string, DealReport[]>();
  for (const deal of [...deals].sort(byClosing)) {
    const group = groups.get(deal.position);
    if (group) group.push(deal);
    else groups.set(deal.position, [deal]);
  }
  return groups;
}
