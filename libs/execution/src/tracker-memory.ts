import type { RequestId } from '@core/contracts/primitives';
import { isClosed, type BrokerBook } from '@core/projections/broker-book/state';
import { brokerKeyOf, type Gone, type Memory } from './knowledge.ts';
import type { DealReport, OutcomeReport, PositionReport, StandingReport } from './report.ts';

/** A report that nothing explains yet. */
export interface HeldReport {
  readonly report: StandingReport;
  readonly sinceMs: number;
}

/** How much of each kind is kept; the oldest leave first. They only matter for seconds. */
export const KEEPS = 1000;

/** The mutable side of `Memory`, bounded in every part. */
export class TrackerMemory implements Memory {
  readonly requestOfNumber = new Map<string, RequestId>();
  readonly numberOfRequest = new Map<RequestId, string>();
  readonly closing = new Map<string, number>();
  readonly goneOrders = new Map<string, Gone>();
  readonly deals = new Map<string, readonly DealReport[]>();
  readonly dealsSince = new Map<string, number>();
  readonly remainders = new Map<string, PositionReport>();
  /** Outcomes that came before the receipt that says whose they are. */
  readonly outcomes = new Map<string, OutcomeReport>();
  /** When the stream last spoke of a position or order. */
  readonly touched = new Map<string, number>();
  /** Of which reports came that may have changed places: the next snapshot says which was last. */
  readonly disordered = new Set<string>();
  /** Reports by their whole content, and when they last came. */
  readonly recent = new Map<string, number>();
  /** Since when a request is accepted and nothing is to be seen of it; Infinity once a snapshot was asked for. */
  readonly acceptedSince = new Map<RequestId, number>();
  /** First snapshot that showed no trace of a request. */
  readonly tracelessSince = new Map<RequestId, number>();
  /** Requests whose evidence was found to contradict itself, and told so. */
  readonly disputed = new Set<RequestId>();
  /** First snapshot without a position or order that nothing said had ended. */
  readonly missingSince = new Map<string, number>();
  held: readonly HeldReport[] = [];

  /** Whether anything waits for an explanation or for time to pass. */
  get isWaiting(): boolean {
    return this.mayMoveMoney || this.goneOrders.size + this.remainders.size > 0;
  }

  /** Whether something waits that may turn out to have moved the balance. */
  get mayMoveMoney(): boolean {
    return this.closing.size + this.deals.size + this.held.length > 0;
  }

  hold(report: StandingReport, sinceMs: number): void {
    const key = brokerKeyOf(report);
    const same = ({ report: each }: HeldReport) => each.about === report.about && brokerKeyOf(each) === key;
    const since = this.held.find(same)?.sinceMs ?? sinceMs;
    this.held = [...this.held.filter((each) => !same(each)), { report, sinceMs: since }].slice(-KEEPS);
  }

  release(report: StandingReport): void {
    this.held = this.held.filter((each) => each.report !== report);
  }

  addDeal(deal: DealReport, sinceMs: number): void {
    const known = this.deals.get(deal.position) ?? [];
    if (known.some((each) => each.deal === deal.deal)) return;
    const deals = [...known, deal].sort((left, right) => ((left.closedAt ?? '') < (right.closedAt ?? '') ? -1 : 1));
    keep(this.deals, deal.position, deals);
    if (known.length === 0) keep(this.dealsSince, deal.position, sinceMs);
  }

  /** As it was before deals were added that were not to be told. */
  replaceDeals(position: string, deals: readonly DealReport[] | undefined): void {
    if (deals === undefined) this.dropDeals(position);
    else keep(this.deals, position, deals);
  }

  dropDeals(position: string): void {
    this.deals.delete(position);
    this.dealsSince.delete(position);
  }

  /** Drops what the book has overtaken, and marks of what it never had that are from before `longAgoMs`. */
  forget(book: BrokerBook, longAgoMs: number): void {
    for (const [position, sinceMs] of this.closing)
      if (isClosed(book, position) || (!book.positions[position] && sinceMs < longAgoMs)) this.closing.delete(position);
    for (const [order, { sinceMs }] of this.goneOrders) {
      const isEnded = book.endedOrders.some(({ brokerOrder }) => brokerOrder === order);
      if (isEnded || (!book.orders[order] && sinceMs < longAgoMs)) this.goneOrders.delete(order);
    }
    for (const [position, { volumeLots }] of this.remainders) {
      const known = book.positions[position];
      if (!known || known.volumeLots === volumeLots) this.remainders.delete(position);
    }
  }

  acknowledge(brokerRequest: string, requestId: RequestId): void {
    keep(this.requestOfNumber, brokerRequest, requestId);
    keep(this.numberOfRequest, requestId, brokerRequest);
  }
}

/** Puts a value at the young end of a bounded map. */
export function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= KEEPS) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
