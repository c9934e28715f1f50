// Over 300 lines: the one state machine of an account at the broker; taken apart, its order of steps would be lost.
import type { AccountId, ContractTerms, Instant, Instrument, RequestId } from '@core/contracts/primitives';
import { isClosed, type BookRequest, type BrokerBook } from './broker-book.ts';
import { TrackerMemory, keep, KEEPS } from './tracker-memory.ts';
import type { Fact } from './fact.ts';
import { doubt, notExecuted, type Doubt, type Rejection } from './facts/request-outcome.ts';
import type { Sighting, Trade } from '@core/xapi/translate/sighting';
import { bookingOf, translateBalance, type Booking, type Money } from './facts/balance-facts.ts';
import { translateDeals } from './facts/deal-facts.ts';
import { translateGoneOrder, translateOrder } from './facts/order-facts.ts';
import { translatePosition } from './facts/position-facts.ts';
import { refused, translateRefusal, translateStatus, type TradeStatus } from './facts/request-facts.ts';
import { awaitsOutcome, type Observation, type Conclusion, type Knowledge } from './knowledge.ts';

/** A moment as its caller sees it: `ms` on a clock that only goes forward, `at` in the broker's time. */
export interface Now {
  readonly ms: number;
  readonly at: Instant;
}

export interface AccountTrackerOptions<Book extends BrokerBook> {
  readonly account: AccountId;
  /** The fold of the log at the moment the desk takes over; the desk owns it from then on. */
  readonly book: Book;
  /** The projection's own fold, for events of ours that are not recorded yet. */
  evolve(book: Book, fact: Fact): Book;
  contractOf(instrument: Instrument): ContractTerms | null;
  /** How long the record that explains another may take (wire-behaviour §6: 2 to 5 s). */
  readonly graceMs: number;
  /** Two records about one thing within this time may have changed places. */
  readonly raceMs: number;
}

/** More than any burst of records can lead to at once: beyond it, the fold ignores what translation tells. */
const SETTLE_MAX = 10_000;

/**
 * One account's side of the broker: takes what the broker says, in whatever order, and gives the facts that follow.
 * What is told is applied to its book at once, so that saying it again adds nothing; what cannot be explained yet is held
 * until its explanation or, after a time, a snapshot comes. No I/O and no clock: every call brings its own moment.
 */
export class AccountTracker<Book extends BrokerBook = BrokerBook> implements Knowledge {
  readonly account: AccountId;
  readonly memory = new TrackerMemory();
  /** Something needs a snapshot to be explained; `reconcile` clears it. */
  wantsSnapshot = false;
  /** Sees facts that belong together before they change the book; what it says no to is not told. */
  review: ((facts: readonly Fact[]) => boolean) | null = null;
  /** Instruments whose description is needed before their trades can be told. */
  readonly missingInstruments = new Set<Instrument>();
  private current: Book;

  constructor(private readonly options: AccountTrackerOptions<Book>) {
    this.account = options.account;
    this.current = options.book;
  }

  get book(): Book {
    return this.current;
  }

  contractOf(instrument: Instrument): ContractTerms | null {
    const contract = this.options.contractOf(instrument);
    if (contract === null) this.missingInstruments.add(instrument);
    return contract;
  }

  /** An event that somebody else put into the log. */
  learn(event: Fact, now: Now): Fact[] {
    this.current = this.options.evolve(this.current, event);
    return this.settle(now);
  }

  /** Starts again from the log, where it and the desk went apart. What was seen and not told stays. */
  restart(book: Book): void {
    this.current = book;
  }

  /** A record of the stream. */
  see(sighting: Sighting, now: Now): Fact[] {
    this.touch(sighting, now.ms);
    const told = this.take(sighting, now);
    return [...told, ...this.settle(now)];
  }

  /** The broker took a request and numbered it. */
  acknowledge(requestId: RequestId, brokerRequest: string, now: Now): Fact[] {
    this.memory.acknowledge(brokerRequest, requestId);
    const early = this.memory.statuses.get(brokerRequest);
    this.memory.statuses.delete(brokerRequest);
    return [...(early ? this.status(early, now) : []), ...this.settle(now)];
  }

  status(status: TradeStatus, now: Now): Fact[] {
    const translated = translateStatus(this, status, now.at);
    if (translated === 'unmatched') {
      keep(this.memory.statuses, status.brokerRequest, status);
      return [];
    }
    return [...this.tell(translated), ...this.settle(now)];
  }

  /** The broker's error reply to a request; nothing when its code leaves the outcome open. */
  refuse(requestId: RequestId, errorCode: string, errorDescr: string, now: Now): Fact[] {
    const request = this.away(requestId);
    const refusal = request && translateRefusal(this, request, errorCode, errorDescr, now.at);
    return refusal ? [...this.tell([refusal]), ...this.settle(now)] : [];
  }

  /** A no that is not the broker's code: it could not be sent as it is, or was put off too often. */
  reject(requestId: RequestId, said: Rejection, now: Now): Fact[] {
    const request = this.away(requestId);
    return request ? this.tell([refused(this, request, said, now.at)]) : [];
  }

  doubt(requestId: RequestId, cause: Doubt, now: Now): Fact[] {
    const request = this.away(requestId);
    return request ? this.tell([doubt(this.account, request, cause, now.at)]) : [];
  }

  /** The request never reached the broker, and never will. */
  unsent(requestId: RequestId, evidence: string, now: Now): Fact[] {
    const request = this.away(requestId);
    return request ? this.tell([notExecuted(this.account, request, evidence, now.at)]) : [];
  }

  balance(money: Money, now: Now): Fact[] {
    const { unsettled } = this.memory;
    const moved = unsettled?.money.balance !== money.balance || unsettled.money.credit !== money.credit;
    this.memory.unsettled = { money, sinceMs: moved ? now.ms : unsettled.sinceMs };
    this.memory.moneySeenMs = now.ms;
    return this.settleBalance(now, false);
  }

  /** To be called now and then: concludes what has waited long enough. */
  tick(now: Now): Fact[] {
    return this.settle(now);
  }

  /** Whether anything waits for an explanation or for time to pass. */
  get waiting(): boolean {
    const { held, deals, goneOrders, closing, rests, unsettled } = this.memory;
    const isAwaited = Object.values(this.book.requests).some(({ status }) => status === 'accepted');
    return (
      held.length + deals.size + goneOrders.size + closing.size + rests.size > 0 || unsettled !== null || isAwaited
    );
  }

  /** Applies facts to the book, all or none; gives those that were told. For the parts of the desk only. */
  tell(facts: readonly Fact[]): Fact[] {
    const told = new Set<string>();
    const fresh = facts.filter(({ id }) => !told.has(id) && told.add(id));
    if (this.review?.(fresh) === false) return [];
    for (const fact of fresh) this.current = this.options.evolve(this.current, fact);
    return fresh;
  }

  /** Tells whatever can be explained by now, until nothing more can. For the parts of the desk only. */
  settle(now: Now): Fact[] {
    const facts: Fact[] = [];
    for (let told = this.settleOnce(now); told.length > 0; told = this.settleOnce(now)) {
      facts.push(...told);
      if (facts.length > SETTLE_MAX) throw new Error('facts that change nothing in the book they came from');
    }
    this.forget(now);
    return [...facts, ...this.settleBalance(now, false)];
  }

  settleBalance(now: Now, inferred: boolean): Fact[] {
    const { unsettled } = this.memory;
    if (unsettled === null) return [];
    const late = inferred || this.isLate(unsettled.sinceMs, now);
    const facts = translateBalance(this.account, this.book, unsettled.money, this.bookings(), {
      at: now.at,
      late,
      inferred,
    });
    if (facts === null) return [];
    this.memory.unsettled = null;
    return this.tell(facts);
  }

  /** A deposit, withdrawal or credit: what the balance will owe a change to. */
  noteBooking(trade: Trade): void {
    const { bookings } = this.memory;
    const isNoted = bookings.some(({ operation }) => operation.reference === trade.order);
    if (!isNoted && !this.isBooked(trade.order)) this.memory.bookings = [...bookings, bookingOf(trade)].slice(-KEEPS);
  }

  translate(sighting: Sighting, looked: Observation): Conclusion {
    const { topic, trade } = sighting;
    return topic === 'position' ? translatePosition(this, trade, looked) : translateOrder(this, trade, looked);
  }

  private take(sighting: Sighting, now: Now): Fact[] {
    const { topic, trade } = sighting;
    const { memory, book } = this;
    switch (topic) {
      case 'position':
      case 'order': {
        const cameBefore = this.cameBefore(sighting, now.ms);
        const translation = this.translate(sighting, this.looked(now, false));
        if (cameBefore && translation.facts.length > 0 && this.isKnown(sighting)) {
          // An old record that came again, or a value that came back? The record alone does not say.
          this.wantsSnapshot = true;
          return [];
        }
        if (topic === 'order' && translation.facts.length === 0) keep(memory.recent, `trigger ${trade.order}`, now.ms);
        if (this.isKnown(sighting) && translation.facts.length > 0) this.distrustHaste(trade.order, now.ms);
        return this.conclude(sighting, translation, now.ms);
      }
      case 'position-gone':
        if (!isClosed(book, trade.position)) keep(memory.closing, trade.position, now.ms);
        return [];
      case 'order-gone': {
        const triggering = (memory.recent.get(`trigger ${trade.order}`) ?? -Infinity) >= now.ms - this.options.raceMs;
        if (!memory.goneOrders.has(trade.order)) keep(memory.goneOrders, trade.order, { sinceMs: now.ms, triggering });
        return [];
      }
      case 'deal':
        if (!isClosed(book, trade.position)) memory.addDeal(trade, now.ms);
        return [];
      case 'booking':
        this.noteBooking(trade);
        return [];
      case 'order-in-flight':
      case 'unknown':
        return [];
    }
  }

  private settleOnce(now: Now): Fact[] {
    const { memory } = this;
    const facts: Fact[] = [];
    for (const [position, deals] of memory.deals) {
      const late = this.isLate(memory.dealsSince.get(position) ?? now.ms, now);
      const translation = translateDeals(this, position, deals, this.looked(now, late));
      if (translation.waitFor === undefined) memory.dropDeals(position);
      else if (late || translation.waitFor === 'position') this.wantsSnapshot ||= late;
      facts.push(...this.tell(translation.facts));
    }
    for (const [brokerOrder, { sinceMs }] of memory.goneOrders) {
      const late = this.isLate(sinceMs, now);
      const translation = translateGoneOrder(this, brokerOrder, this.looked(now, late));
      this.wantsSnapshot ||= late && translation.waitFor !== undefined;
      facts.push(...this.tell(translation.facts));
    }
    for (const { sighting, sinceMs } of memory.held) {
      const late = this.isLate(sinceMs, now);
      const translation = this.translate(sighting, this.looked(now, late));
      this.wantsSnapshot ||= late && translation.waitFor !== undefined && translation.waitFor !== 'instrument';
      facts.push(...this.conclude(sighting, translation, sinceMs));
    }
    for (const sinceMs of memory.closing.values()) this.wantsSnapshot ||= this.isLate(sinceMs, now);
    for (const { requestId, status } of Object.values(this.book.requests)) {
      if (status !== 'accepted') continue;
      const since = memory.acceptedSince.get(requestId) ?? now.ms;
      const late = this.isLate(since, now);
      // Executed, and nothing to be seen of it. Once is enough: what the snapshot leaves open looks again by itself.
      keep(memory.acceptedSince, requestId, late ? Infinity : since);
      this.wantsSnapshot ||= late;
    }
    for (const [position] of memory.rests) {
      const since = memory.touched.get(position) ?? now.ms;
      this.wantsSnapshot ||= this.isLate(since, now);
    }
    return facts;
  }

  private conclude(sighting: Sighting, translation: Conclusion, sinceMs: number): Fact[] {
    const { memory } = this;
    if (translation.rest) memory.rests.set(translation.rest.position, translation.rest);
    if (translation.waitFor !== undefined) {
      memory.hold(sighting, sinceMs);
      return [];
    }
    memory.held = memory.held.filter((each) => each.sighting !== sighting);
    return this.tell(translation.facts);
  }

  /** Drops what the book has overtaken. */
  private forget(now: Now): void {
    const { memory, book } = this;
    for (const position of memory.closing.keys()) {
      const since = memory.closing.get(position) ?? now.ms;
      const gone = !book.positions[position] && now.ms - since > 20 * this.options.graceMs;
      if (gone || isClosed(book, position)) memory.closing.delete(position);
    }
    for (const [brokerOrder, { sinceMs }] of memory.goneOrders) {
      const overtaken = !book.orders[brokerOrder] && now.ms - sinceMs > 20 * this.options.graceMs;
      if (overtaken || book.endedOrders.some((order) => order.brokerOrder === brokerOrder))
        memory.goneOrders.delete(brokerOrder);
    }
    for (const [position, { trade }] of memory.rests) {
      const known = book.positions[position];
      if (!known || known.volumeLots === trade.volumeLots) memory.rests.delete(position);
    }
    memory.bookings = memory.bookings.filter(({ operation }) => !this.isBooked(operation.reference ?? ''));
  }

  /** What may have moved the balance and was not told as such: closing deals of the book, and bookings of the stream. */
  private bookings(): Booking[] {
    const deals = this.book.unbooked.map(({ positionId, delta, correlationid, eventId }): Booking => ({
      operation: { type: 'trading', delta, reference: positionId, comment: null },
      cause: { correlationid, lastEventId: eventId },
    }));
    return [...deals, ...this.memory.bookings];
  }

  private isBooked(reference: string): boolean {
    return this.book.bookings.includes(reference);
  }

  private touch({ trade }: Sighting, ms: number): void {
    keep(this.memory.touched, trade.position, ms);
    keep(this.memory.touched, trade.order, ms);
  }

  private isKnown({ topic, trade }: Sighting): boolean {
    return topic === 'position' ? trade.position in this.book.positions : trade.order in this.book.orders;
  }

  /** Remembers a record by its whole content. */
  private cameBefore({ topic, trade }: Sighting, ms: number): boolean {
    const content = topic + JSON.stringify(trade);
    const before = this.memory.recent.get(content);
    keep(this.memory.recent, content, ms);
    return before !== undefined && ms - before < 10 * this.options.graceMs;
  }

  /** Two changes of one thing at once may have changed places on their way: a snapshot shows which was last. */
  private distrustHaste(number: string, ms: number): void {
    const before = this.memory.recent.get(`changed ${number}`);
    keep(this.memory.recent, `changed ${number}`, ms);
    if (before === undefined || ms - before >= this.options.raceMs) return;
    this.memory.disordered.add(number);
    this.wantsSnapshot = true;
  }

  private away(requestId: RequestId): BookRequest | null {
    const request = this.book.requests[requestId];
    return request && awaitsOutcome(request) ? request : null;
  }

  private looked({ at }: Now, late: boolean): Observation {
    return { at, late, inferred: false };
  }

  private isLate(sinceMs: number, now: Now): boolean {
    return now.ms - sinceMs >= this.options.graceMs;
  }
}
