import type { RequestId } from '@core/contracts/primitives';
import type { Booking, Money } from './facts/balance-facts.ts';
import type { Sighting, Trade } from '@core/xapi/translate/sighting';
import type { TradeStatus } from './facts/request-facts.ts';
import type { Gone, Memory, Remainder } from './knowledge.ts';

/** A record that nothing explains yet. */
export interface Held {
  readonly sighting: Sighting;
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
  readonly deals = new Map<string, readonly Trade[]>();
  readonly dealsSince = new Map<string, number>();
  readonly rests = new Map<string, Remainder>();
  /** Statuses that came before the reply that says whose they are. */
  readonly statuses = new Map<string, TradeStatus>();
  /** When the stream last spoke of a position or order. */
  readonly touched = new Map<string, number>();
  /** Of which records came that may have changed places: the next snapshot says which was last. */
  readonly disordered = new Set<string>();
  /** Records by their whole content, and when they last came. */
  readonly recent = new Map<string, number>();
  /** Since when a request is accepted and nothing is to be seen of it; Infinity once a snapshot was asked for. */
  readonly acceptedSince = new Map<RequestId, number>();
  /** First read that showed no trace of a request. */
  readonly tracelessSince = new Map<RequestId, number>();
  /** Requests whose evidence was found to contradict itself, and told so. */
  readonly disputed = new Set<RequestId>();
  /** First snapshot without a position or order that nothing said had ended. */
  readonly missingSince = new Map<string, number>();
  held: readonly Held[] = [];
  bookings: readonly Booking[] = [];
  /** The last balance, while what moved it is still to come. */
  unsettled: { readonly money: Money; readonly sinceMs: number } | null = null;
  /** When the stream last told the balance. */
  moneySeenMs = -Infinity;

  hold(sighting: Sighting, sinceMs: number): void {
    const same = ({ sighting: { topic, trade } }: Held) =>
      topic === sighting.topic && trade.order === sighting.trade.order;
    const since = this.held.find(same)?.sinceMs ?? sinceMs;
    this.held = [...this.held.filter((each) => !same(each)), { sighting, sinceMs: since }].slice(-KEEPS);
  }

  addDeal(deal: Trade, sinceMs: number): void {
    const known = this.deals.get(deal.position) ?? [];
    if (known.some(({ order }) => order === deal.order)) return;
    const deals = [...known, deal].sort((left, right) => ((left.closedAt ?? '') < (right.closedAt ?? '') ? -1 : 1));
    keep(this.deals, deal.position, deals);
    if (known.length === 0) keep(this.dealsSince, deal.position, sinceMs);
  }

  /** As it was before deals were added that were not to be told. */
  replaceDeals(position: string, deals: readonly Trade[] | undefined): void {
    if (deals === undefined) this.dropDeals(position);
    else keep(this.deals, position, deals);
  }

  dropDeals(position: string): void {
    this.deals.delete(position);
    this.dealsSince.delete(position);
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
