import type { RequestId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { isClosed, type BrokerBook } from '@core/projections/broker-book/state';
import { hasEnded } from './facts/order-facts.ts';
import { brokerKeyOf, byClosing, type Gone, type HeldReport, type Memory } from './knowledge.ts';
import type { DealReport, OutcomeReport, PositionReport, StandingReport } from './report.ts';

/** How much of each kind is kept; the oldest leave first. They only matter for seconds. */
export const KEEPS = 1000;
/** By far more than can be missing or in doubt at once: what is forgotten of these is never concluded. */
const DOUBTS_MAX = 10_000;

/** The mutable side of `Memory`, bounded in every part. */
export class TrackerMemory implements Memory {
  readonly requestOfNumber = new BoundedMap<string, RequestId>(KEEPS);
  readonly numberOfRequest = new BoundedMap<RequestId, string>(KEEPS);
  readonly closing = new BoundedMap<string, number>(KEEPS);
  readonly goneOrders = new BoundedMap<string, Gone>(KEEPS);
  readonly deals = new BoundedMap<string, readonly DealReport[]>(KEEPS);
  readonly dealsSince = new BoundedMap<string, number>(KEEPS);
  readonly remainders = new BoundedMap<string, PositionReport>(KEEPS);
  /** Outcomes that came before the receipt that says whose they are. */
  readonly outcomes = new BoundedMap<string, OutcomeReport>(KEEPS);
  /** Since when a request is accepted and nothing is to be seen of it; Infinity once a snapshot was asked for. */
  readonly acceptedSince = new BoundedMap<RequestId, number>(KEEPS);
  /** First snapshot that showed no trace of a request. */
  readonly tracelessSince = new BoundedMap<RequestId, number>(DOUBTS_MAX);
  /** Requests whose evidence was found to contradict itself, since when that was told. */
  readonly disputedSince = new BoundedMap<RequestId, number>(DOUBTS_MAX);
  /** First snapshot without a position or order that nothing said had ended. */
  readonly missingSince = new BoundedMap<string, number>(DOUBTS_MAX);
  /** First snapshot that listed what the book says has ended, or as something else than the book holds. */
  readonly contradictedSince = new BoundedMap<string, number>(DOUBTS_MAX);
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

  /** An order that is gone was told once more, as before a trigger: the two changed places. */
  toldAgain(order: string): void {
    const gone = this.goneOrders.get(order);
    if (gone) this.goneOrders.set(order, { ...gone, triggering: true });
  }

  release(report: StandingReport): void {
    this.held = this.held.filter((each) => each.report !== report);
  }

  /** `of` is the number that the book has the position by: a partial close may have given it the deal's since then. */
  addDeal(deal: DealReport, sinceMs: number, of = deal.position): void {
    const known = this.deals.get(of) ?? [];
    if (known.some((each) => each.deal === deal.deal)) return;
    this.deals.set(of, [...known, deal].sort(byClosing));
    if (known.length === 0) this.dealsSince.set(of, sinceMs);
  }

  /** As it was before deals were added that were not to be told. */
  replaceDeals(position: string, deals: readonly DealReport[] | undefined): void {
    if (deals === undefined) this.dropDeals(position);
    else this.deals.set(position, deals);
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
      if (hasEnded(book, order) || (!book.orders[order] && sinceMs < longAgoMs)) this.goneOrders.delete(order);
    }
    for (const [position, { volumeLots }] of this.remainders) {
      const known = book.positions[position];
      if (!known || known.volumeLots === volumeLots) this.remainders.delete(position);
    }
  }

  acknowledge(brokerRequest: string, requestId: RequestId): void {
    this.requestOfNumber.set(brokerRequest, requestId);
    this.numberOfRequest.set(requestId, brokerRequest);
  }
}
