import type { Drift } from '@core/contracts/events/account';
import { requestOfToken } from '@core/contracts/order-token';
import { add, sum, ZERO } from '@core/kernel/decimal';
import type { BookRequest } from '../broker-book.ts';
import type { AccountTracker, Now } from '../account-tracker.ts';
import { driftOf, isExplained, isOurs } from './drift.ts';
import type { Fact } from '../fact.ts';
import type { Patience } from './lost-response.ts';
import { orderOf, type KnownOrder } from '../facts/known-order.ts';
import { tellGoneOrders, tellMissingPositions } from './missing.ts';
import { settleRequests } from './requests.ts';
import type { Sighting, Trade } from '@core/xapi/translate/sighting';
import type { Money } from '../facts/balance-facts.ts';
import { translateDeals } from '../facts/deal-facts.ts';
import { opened } from '../facts/position-facts.ts';
import { numberOf, type Observation } from '../knowledge.ts';

/** What the broker says when asked: everything that stands, what was closed lately, and the account's figures. */
export interface Read {
  /** When `getTrades` was sent; what the stream spoke of since then is newer than its answer. */
  readonly askedMs: number;
  readonly standing: readonly Sighting[];
  readonly history: readonly Sighting[];
  readonly money: Money;
}

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

export interface ReconcileOptions {
  readonly patience: Patience;
  readonly raceMs: number;
  /** How long ago a request was sent; null while its answer is awaited, and nothing is to be concluded. */
  sinceSentMs(request: BookRequest): number | null;
  /** Whether differences of a kind become facts; where not, they are listed and the book keeps what it says. */
  adopts(kind: Drift['kind']): boolean;
}

/**
 * Compares what the broker says with the book and tells the difference as ordinary facts, marked inferred
 * (wire-behaviour §9, start sequence). Ids follow from content, so what arrives later adds nothing to what was told here.
 * What merely is absent is not believed at once: it takes two reads.
 */
export function reconcile(desk: AccountTracker, read: Read, now: Now, options: ReconcileOptions): Reconciled {
  const bench = new Reconciliation(desk, read, now, options);
  desk.wantsSnapshot = false;
  desk.review = (facts) => bench.review(facts);
  try {
    clearContradictedMarks(bench);
    for (const sighting of read.standing) tellStanding(bench, sighting);
    for (const [position, deals] of bench.dealsOf) tellDeals(bench, position, deals);
    desk.settle(now);
    tellMissingPositions(bench);
    tellGoneOrders(bench);
    settleRequests(bench);
    tellMoney(bench);
    for (const number of desk.memory.disordered) if (!bench.isNewer(number)) desk.memory.disordered.delete(number);
  } finally {
    desk.review = null;
  }
  const { facts, drifts, isExplained: explained, positions, orders, lookAgain } = bench;
  return {
    facts,
    drifts: [...drifts.values()],
    isExplained: explained,
    positions: positions.size,
    orders: orders.size,
    lookAgain,
  };
}

/** What the steps of one reconciliation share. */
export class Reconciliation {
  readonly looked: Observation;
  readonly positions: ReadonlyMap<string, Trade>;
  readonly orders: ReadonlyMap<string, Trade>;
  readonly dealsOf: ReadonlyMap<string, readonly Trade[]>;
  readonly facts: Fact[] = [];
  /** By what they say: one that is not adopted may be met more than once. */
  readonly drifts = new Map<string, Drift>();
  isExplained = true;
  lookAgain = false;

  constructor(
    readonly desk: AccountTracker,
    readonly read: Read,
    readonly now: Now,
    readonly options: ReconcileOptions,
  ) {
    this.looked = { at: now.at, inferred: true, late: true };
    this.positions = new Map(tradesOf(read.standing, 'position').map((trade) => [trade.position, trade]));
    this.orders = new Map(tradesOf(read.standing, 'order').map((trade) => [trade.order, trade]));
    this.dealsOf = grouped(tradesOf(read.history, 'deal'));
  }

  /** Facts that belong together are told together; the answer to a request of ours is never withheld. */
  review(facts: readonly Fact[]): boolean {
    const { desk, options } = this;
    let adopted = true;
    for (const fact of facts) {
      const drift = driftOf(desk, fact);
      if (drift === null) continue;
      this.drifts.set(JSON.stringify(drift), drift);
      this.isExplained &&= isExplained(fact);
      adopted &&= options.adopts(drift.kind);
    }
    const isTold = adopted || facts.some((fact) => isOurs(desk.book, fact));
    if (isTold) this.facts.push(...facts);
    return isTold;
  }

  /** The stream spoke of it while the snapshot was on its way, or just before: the stream is right. */
  isNewer(number: string): boolean {
    const touchedMs = this.desk.memory.touched.get(number);
    return touchedMs !== undefined && touchedMs > this.read.askedMs - this.options.raceMs;
  }

  /** Absent in an earlier read too, long enough ago. */
  isConfirmed(key: string): boolean {
    const { missingSince } = this.desk.memory;
    const first = missingSince.get(key);
    const confirmed = first !== undefined && this.read.askedMs - first >= this.options.patience.againMs;
    if (first === undefined) missingSince.set(key, this.read.askedMs);
    if (confirmed) missingSince.delete(key);
    else this.lookAgain = true;
    return confirmed;
  }

  /** The position that an order became. */
  fillOf(brokerOrder: string | null): Trade | undefined {
    return [...this.positions.values()].find(({ order2 }) => order2 === brokerOrder);
  }

  /** Closed trades from before the account was registered are none of ours. */
  isOurs({ closedAt, openedAt }: Trade): boolean {
    const { since } = this.desk.book;
    return since !== null && (closedAt ?? openedAt) >= since;
  }
}

/** An end was announced long ago, its deal is nowhere and the broker still lists the thing: the mark was wrong. */
function clearContradictedMarks({ desk, read, options, positions, orders, dealsOf }: Reconciliation): void {
  const { closing, goneOrders } = desk.memory;
  const isOld = (sinceMs: number): boolean => read.askedMs - sinceMs > options.patience.againMs;
  for (const [number, sinceMs] of closing)
    if (isOld(sinceMs) && positions.has(number) && !dealsOf.has(number)) closing.delete(number);
  for (const [number, { sinceMs }] of goneOrders) if (isOld(sinceMs) && orders.has(number)) goneOrders.delete(number);
}

function tellStanding(bench: Reconciliation, sighting: Sighting): void {
  const { desk, looked } = bench;
  const { topic, trade } = sighting;
  if (topic !== 'position' && topic !== 'order') return;
  if (bench.isNewer(trade.order)) return;

  const untold = topic === 'position' ? untoldDeals(bench, trade.position) : [];
  if (untold.length > 0 && !desk.book.positions[trade.position]) {
    // Opened and closed in part while nobody listened: it was opened with all of it.
    const volumeLots = add(trade.volumeLots, sum(untold.map((deal) => deal.volumeLots)));
    const order = orderOf(desk, trade.order2, trade.customComment);
    if (!tellOpened(bench, { ...trade, volumeLots }, order)) return;
  }
  const translation = desk.translate(sighting, looked);
  if (translation.rest) desk.memory.rests.set(translation.rest.position, translation.rest);
  if (translation.waitFor !== undefined) bench.lookAgain = true;
  desk.tell(translation.facts);
}

/** False where the opening is not to be told, and nothing that followed from it. */
function tellOpened({ desk, looked }: Reconciliation, trade: Trade, order: KnownOrder | null): boolean {
  const { facts, waitFor } = opened(desk, trade, order, looked);
  return desk.tell(facts).length > 0 || waitFor !== undefined;
}

function tellDeals(bench: Reconciliation, position: string, deals: readonly Trade[]): void {
  const { desk, looked, now } = bench;
  const untold = untoldDeals(bench, position);
  const last = deals.at(-1);
  if (untold.length === 0 || last === undefined) return;

  if (!desk.book.positions[position]) {
    if (bench.positions.has(position) || !bench.isOurs(last)) return;
    const whole = { ...last, volumeLots: sum(untold.map((deal) => deal.volumeLots)), swap: ZERO };
    if (!tellOpened(bench, whole, orderByMark(desk, last))) return;
  }
  const streamed = desk.memory.deals.get(position);
  for (const deal of untold) desk.memory.addDeal(deal, now.ms);
  const translation = translateDeals(desk, position, desk.memory.deals.get(position) ?? [], looked);
  if (translation.waitFor !== undefined) bench.lookAgain = true;
  else if (desk.tell(translation.facts).length === 0) desk.memory.replaceDeals(position, streamed);
}

function tellMoney({ desk, read, now, lookAgain }: Reconciliation): void {
  const { memory } = desk;
  const streamed = memory.unsettled;
  for (const { topic, trade } of read.history)
    if (topic === 'booking' && (trade.closedAt ?? trade.openedAt) >= (desk.book.since ?? '')) desk.noteBooking(trade);
  if (memory.moneySeenMs <= read.askedMs) memory.unsettled = { money: read.money, sinceMs: now.ms };
  const quiet = memory.closing.size + memory.deals.size + memory.held.length === 0;
  desk.settleBalance(now, quiet && !lookAgain);
  // What this balance did not need is in it already.
  if (memory.unsettled === null) memory.bookings = [];
  // What it leaves open is for the next look to say, and not for time.
  else if (lookAgain) memory.unsettled = streamed;
}

function untoldDeals({ desk, dealsOf }: Reconciliation, position: string): readonly Trade[] {
  if (desk.book.closedPositions.includes(position)) return [];
  const told = desk.book.positions[position]?.deals ?? [];
  return (dealsOf.get(position) ?? []).filter(({ order }) => !told.includes(order));
}

/** A closed trade no longer says which order opened it; its comment may. */
function orderByMark(desk: AccountTracker, { customComment }: Trade): KnownOrder | null {
  const marked = requestOfToken(customComment);
  if (marked === null) return null;
  const standing = Object.entries(desk.book.orders).find(([, { orderId }]) => orderId === marked);
  const request = desk.book.requests[marked];
  return orderOf(desk, standing?.[0] ?? (request && numberOf(desk, request)) ?? '', customComment);
}

const tradesOf = (sightings: readonly Sighting[], topic: Sighting['topic']): Trade[] =>
  sightings.filter((sighting) => sighting.topic === topic).map(({ trade }) => trade);

function grouped(deals: readonly Trade[]): ReadonlyMap<string, readonly Trade[]> {
  const groups = new Map<string, Trade[]>();
  const byClose = [...deals].sort((left, right) => ((left.closedAt ?? '') < (right.closedAt ?? '') ? -1 : 1));
  for (const deal of byClose) {
    const group = groups.get(deal.position);
    if (group) group.push(deal);
    else groups.set(deal.position, [deal]);
  }
  return groups;
}
