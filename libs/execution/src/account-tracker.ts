// Over 300 lines: whatever is heard of an account leads through one place, in one order.
import type { NotSentCause } from '@core/contracts/events/request';
import type { AccountId, ContractTerms, Instrument, RequestId } from '@core/contracts/primitives';
import { BalanceTracker, type Finality } from './balance-tracker.ts';
import { isClosed, type BookRequest, type BrokerBook } from '@core/projections/broker-book/state';
import type { Fact } from './fact.ts';
import { dealFacts } from './facts/deal-facts.ts';
import { goneOrderFacts, orderFacts } from './facts/order-facts.ts';
import { positionFacts } from './facts/position-facts.ts';
import { outcomeFacts, rejectedFact } from './facts/request-facts.ts';
import { doubt, notExecuted, type Doubt } from './facts/request-outcome.ts';
import { awaitsOutcome, isInBook, type Conclusion, type Knowledge, type Now, type Observation } from './knowledge.ts';
import { RecentReports } from './recent-reports.ts';
import type {
  AccountFigures,
  BrokerRejection,
  BrokerSnapshot,
  OutcomeReport,
  Report,
  StandingReport,
} from './report.ts';
import { ToldBook, type Review } from './told-book.ts';
import { TrackerMemory } from './tracker-memory.ts';

export interface AccountTrackerOptions {
  readonly account: AccountId;
  /** The build that makes events of what is told. */
  readonly source: string;
  /** The fold of the log at the moment the tracker takes over; the tracker owns it from then on. */
  readonly book: BrokerBook;
  contractOf(instrument: Instrument): ContractTerms | null;
  /** How long the report that explains another may take. */
  readonly graceMs: number;
  /** Two reports about one thing within this time may have changed places. */
  readonly raceMs: number;
}

/** More than any burst of reports can lead to at once: beyond it, the fold ignores what is concluded. */
const SETTLE_MAX = 10_000;
/** For how many times the grace a report that comes again may be an old one. */
const REPEAT_GRACES = 10;
/** For how many times the grace an end is remembered of something that the book does not have. */
const MARK_GRACES = 20;

/**
 * One account's side of the broker: takes what the broker says, in whatever order, and gives the facts that follow.
 * What is told is applied to its book at once, so that saying it again adds nothing; what cannot be explained yet is held
 * until its explanation or, after a time, a snapshot comes. No I/O and no clock: every call brings its own moment.
 */
export class AccountTracker implements Knowledge {
  readonly account: AccountId;
  readonly memory = new TrackerMemory();
  readonly recent: RecentReports;
  private readonly money: BalanceTracker;
  private readonly missing = new Set<Instrument>();
  private readonly told: ToldBook;
  private isPuzzled = false;

  constructor(private readonly options: AccountTrackerOptions) {
    const { account, source, book, graceMs, raceMs } = options;
    this.account = account;
    this.told = new ToldBook(account, source, book);
    this.money = new BalanceTracker(account, graceMs);
    this.recent = new RecentReports({ repeatMs: REPEAT_GRACES * graceMs, raceMs });
  }

  get book(): BrokerBook {
    return this.told.state;
  }

  /** Something needs a snapshot to be explained; `compare` brings one. */
  get wantsSnapshot(): boolean {
    return this.isPuzzled;
  }

  /** Something happened that only a snapshot can explain. */
  askForSnapshot(): void {
    this.isPuzzled = true;
  }

  contractOf(instrument: Instrument): ContractTerms | null {
    const contract = this.options.contractOf(instrument);
    if (contract === null) this.missing.add(instrument);
    return contract;
  }

  /** Whether an instrument's description is needed before what was reported of it can be told. */
  get lacksInstruments(): boolean {
    return this.missing.size > 0;
  }

  /** The instruments whose descriptions are needed: whoever takes them looks for them. */
  takeMissingInstruments(): Instrument[] {
    const missing = [...this.missing];
    this.missing.clear();
    return missing;
  }

  /** An event that somebody else put into the log. */
  learn(event: Fact, now: Now): Fact[] {
    this.told.apply(event);
    return this.settle(now);
  }

  /** Starts again from the log, where it and the tracker went apart. What was seen and not told stays. */
  restart(book: BrokerBook): void {
    this.told.restart(book);
    this.askForSnapshot();
  }

  /** Something the broker says of itself. */
  report(report: Report, now: Now): Fact[] {
    this.recent.see(report, now.ms);
    const told = this.take(report, now);
    return [...told, ...this.settle(now)];
  }

  balance(figures: AccountFigures, now: Now): Fact[] {
    const told = this.tell(this.money.see(this.book, figures, now));
    return [...told, ...this.settle(now)];
  }

  /** The broker took a request and numbered it. */
  acknowledge(requestId: RequestId, brokerRequest: string, now: Now): Fact[] {
    this.memory.acknowledge(brokerRequest, requestId);
    const early = this.memory.outcomes.get(brokerRequest);
    this.memory.outcomes.delete(brokerRequest);
    return [...(early ? this.outcome(early, now) : []), ...this.settle(now)];
  }

  outcome(report: OutcomeReport, now: Now): Fact[] {
    const facts = outcomeFacts(this, report, now.at);
    if (facts === 'unmatched') {
      this.memory.outcomes.set(report.brokerRequest, report);
      return [];
    }
    return [...this.tell(facts), ...this.settle(now)];
  }

  /** The broker's no to a request, or ours: it could not be sent as it is, or was put off too often. */
  reject(requestId: RequestId, said: BrokerRejection, now: Now): Fact[] {
    const request = this.awaited(requestId);
    return request ? [...this.tell([rejectedFact(this, request, said, now.at)]), ...this.settle(now)] : [];
  }

  doubt(requestId: RequestId, cause: Doubt, now: Now): Fact[] {
    const request = this.awaited(requestId);
    return request ? this.tell([doubt(this.account, request, cause, now.at)]) : [];
  }

  /** The request never reached the broker, and never will. */
  unsent(requestId: RequestId, evidence: string, now: Now, cause: NotSentCause | null = null): Fact[] {
    const request = this.awaited(requestId);
    return request ? this.tell([notExecuted(this.account, request, evidence, now.at, cause)]) : [];
  }

  /** Tells whatever can be explained by now, until nothing more can. To be called now and then: some of it takes time. */
  settle(now: Now): Fact[] {
    const facts: Fact[] = [];
    for (let told = this.settleOnce(now); told.length > 0; told = this.settleOnce(now)) {
      facts.push(...told);
      if (facts.length > SETTLE_MAX) throw new Error('facts that change nothing in the book they came from');
    }
    this.memory.forget(this.book, now.ms - MARK_GRACES * this.options.graceMs);
    facts.push(...this.tell(this.money.settle(this.book, now)));
    if (this.money.review(this.book, now) === 'late') this.askForSnapshot();
    return facts;
  }

  /** Whether the balance was told and waits for its reason: what else is said of the account may be of before or after. */
  get awaitsReason(): boolean {
    return this.money.isOpen;
  }

  /** Whether anything waits for an explanation or for time to pass. */
  get waiting(): boolean {
    const isAwaited = Object.values(this.book.requests).some(({ status }) => status === 'accepted');
    return this.memory.isWaiting || this.money.isOpen || isAwaited;
  }

  // The rest is for reconciliation, which compares a snapshot with the book step by step.

  /** Runs a comparison, with `review` of what it tells. The snapshot that was wanted is there. */
  compare(review: Review, comparison: () => void): void {
    this.isPuzzled = false;
    this.told.reviewed(review, comparison);
  }

  /** Applies facts to the book, all or none; gives those that were told. */
  tell(facts: readonly Fact[]): Fact[] {
    return this.told.tell(facts);
  }

  settleSnapshot(snapshot: BrokerSnapshot, now: Now, finality: Finality): void {
    this.tell(this.money.reconcile(this.book, snapshot, now, finality));
    this.money.reconciled(this.book, now, finality);
  }

  factsOf(report: StandingReport, observation: Observation): Conclusion {
    return report.about === 'position'
      ? positionFacts(this, report, observation)
      : orderFacts(this, report, observation);
  }

  private take(report: Report, now: Now): Fact[] {
    const { memory, book, recent } = this;
    switch (report.about) {
      case 'position':
      case 'order':
        return this.takeStanding(report, now);
      case 'position-gone':
        if (!isClosed(book, report.position)) memory.closing.set(report.position, now.ms);
        return [];
      case 'order-gone': {
        const gone = { sinceMs: now.ms, triggering: recent.wasRepeated(report.order, now.ms) };
        if (!memory.goneOrders.has(report.order)) memory.goneOrders.set(report.order, gone);
        return [];
      }
      case 'deal':
        if (!isClosed(book, report.position)) memory.addDeal(report, now.ms);
        return [];
      case 'booking':
        this.money.note(report, book);
        return [];
    }
  }

  private takeStanding(report: StandingReport, now: Now): Fact[] {
    const cameBefore = this.recent.cameBefore(report, now.ms);
    const conclusion = this.factsOf(report, observed(now, false));
    const isNews = conclusion.facts.length > 0;
    if (report.about === 'order' && !isNews) {
      this.recent.repeated(report.order, now.ms);
      this.memory.toldAgain(report.order);
    }
    if (isNews && isInBook(this.book, report)) {
      // An old report that came again, or a value that came back? The report alone does not say.
      if (cameBefore) {
        this.askForSnapshot();
        return [];
      }
      if (this.recent.changed(report, now.ms)) this.askForSnapshot();
    }
    return this.conclude(report, conclusion, now.ms);
  }

  private settleOnce(now: Now): Fact[] {
    const { memory } = this;
    const facts: Fact[] = [];
    for (const [position, deals] of memory.deals) {
      const late = this.isLate(memory.dealsSince.get(position) ?? now.ms, now);
      const conclusion = dealFacts(this, position, deals, observed(now, late));
      if (conclusion.waitFor === undefined) memory.dropDeals(position);
      else if (late) this.askForSnapshot();
      facts.push(...this.tell(conclusion.facts));
    }
    for (const [brokerOrder, { sinceMs }] of memory.goneOrders) {
      const late = this.isLate(sinceMs, now);
      const isCalm = now.ms - sinceMs >= this.options.raceMs;
      const conclusion = goneOrderFacts(this, brokerOrder, { ...observed(now, late), isCalm });
      if (late && conclusion.waitFor !== undefined) this.askForSnapshot();
      facts.push(...this.tell(conclusion.facts));
    }
    for (const { report, sinceMs } of memory.held) {
      const late = this.isLate(sinceMs, now);
      const conclusion = this.factsOf(report, observed(now, late));
      if (late && conclusion.waitFor !== undefined && conclusion.waitFor !== 'instrument') this.askForSnapshot();
      facts.push(...this.conclude(report, conclusion, sinceMs));
    }
    this.askWhereLate(now);
    return facts;
  }

  /** Ends without a deal, acceptances without an effect and remainders without a reason do not wait for ever. */
  private askWhereLate(now: Now): void {
    const { memory, recent } = this;
    for (const sinceMs of memory.closing.values()) if (this.isLate(sinceMs, now)) this.askForSnapshot();
    for (const { requestId, status } of Object.values(this.book.requests)) {
      if (status !== 'accepted') continue;
      const since = memory.acceptedSince.get(requestId) ?? now.ms;
      const late = this.isLate(since, now);
      // Executed, and nothing to be seen of it. Once is enough: what the snapshot leaves open looks again by itself.
      memory.acceptedSince.set(requestId, late ? Infinity : since);
      if (late) this.askForSnapshot();
    }
    for (const position of memory.remainders.keys())
      if (this.isLate(recent.spokenOfMs(position) ?? now.ms, now)) this.askForSnapshot();
  }

  private conclude(report: StandingReport, { facts, waitFor, remainderOf }: Conclusion, sinceMs: number): Fact[] {
    const { memory } = this;
    if (remainderOf !== undefined && report.about === 'position') memory.remainders.set(remainderOf, report);
    if (waitFor !== undefined) {
      memory.hold(report, sinceMs);
      return [];
    }
    memory.release(report);
    return this.tell(facts);
  }

  private awaited(requestId: RequestId): BookRequest | null {
    const request = this.book.requests[requestId];
    return request && awaitsOutcome(request) ? request : null;
  }

  private isLate(sinceMs: number, now: Now): boolean {
    return now.ms - sinceMs >= this.options.graceMs;
  }
}

const observed = ({ at }: Now, late: boolean): Observation => ({ at, late, inferred: false });
