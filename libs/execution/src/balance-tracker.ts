import type { AccountId } from '@core/contracts/primitives';
import { absolute, compare, subtract, sum, ZERO } from '@core/kernel/decimal';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { balanceFacts, correctedFacts, explainedFacts, firstBalanceFacts, isNothing } from './facts/balance-facts.ts';
import type { Booking, MoneyChange } from './facts/booking.ts';
import type { Fact } from './fact.ts';
import type { Now } from './knowledge.ts';
import type { AccountFigures, BookingReport, BrokerSnapshot } from './report.ts';
import { KEEPS } from './tracker-memory.ts';

export interface Finality {
  /** Nothing that could have moved the balance is still to come. */
  readonly isFinal: boolean;
  /** Whether a balance without a reason becomes a fact. */
  readonly adopts: boolean;
}

/** An account's balance as its broker tells it: told at once, and its reasons as soon as they add up. */
export class BalanceTracker {
  /** Deposits, withdrawals and credits: what the balance will owe a change to. */
  private cash: readonly Booking[] = [];
  /** What waits for its reason. */
  private open: MoneyChange = { balance: ZERO, credit: ZERO };
  /** Since when the balance waits for its reason; Infinity once a snapshot was asked for. */
  private openSinceMs: number | null = null;
  /** When the stream last told the figures. */
  private seenMs = -Infinity;

  constructor(
    private readonly account: AccountId,
    private readonly graceMs: number,
  ) {}

  /** A balance waits for what moved it. */
  get isOpen(): boolean {
    return this.openSinceMs !== null && this.openSinceMs !== Infinity;
  }

  see(book: BrokerBook, figures: AccountFigures, { ms, at }: Now): readonly Fact[] {
    this.seenMs = ms;
    return balanceFacts(this.account, book, figures, this.cash, at);
  }

  note({ operation }: BookingReport, book: BrokerBook): void {
    const { reference } = operation;
    if (book.bookings.includes(reference)) return;
    if (this.cash.some((booking) => booking.operation.reference === reference)) return;
    this.cash = [...this.cash, { operation, cause: null }].slice(-KEEPS);
  }

  /** What moved the balance, once it is all there. */
  settle(book: BrokerBook, { at }: Now): readonly Fact[] {
    return explainedFacts(this.account, book, this.cash, at);
  }

  /** Drops the bookings that the book tells by now; whether the balance has waited so long that only a snapshot helps. */
  review({ bookings, accruals }: BrokerBook, { ms }: Now): 'late' | null {
    this.cash = this.cash.filter(({ operation }) => !bookings.includes(operation.reference ?? ''));
    const { balance, credit } = accruals.unexplained;
    const isOther = balance !== this.open.balance || credit !== this.open.credit;
    this.open = { balance, credit };
    if (isOther || isNothing(this.open)) this.openSinceMs = isNothing(this.open) ? null : ms;
    if (this.openSinceMs === null || ms - this.openSinceMs < this.graceMs) return null;
    this.openSinceMs = Infinity;
    return 'late';
  }

  /** Compares with a snapshot, whose history is told already. */
  reconcile(
    book: BrokerBook,
    { askedMs, history, money, standing }: BrokerSnapshot,
    { at }: Now,
    { isFinal, adopts }: Finality,
  ): readonly Fact[] {
    for (const report of history)
      if (report.about === 'booking' && report.at >= (book.since ?? '')) this.note(report, book);
    const { account, cash } = this;
    const seen = this.seenMs <= askedMs || book.money === null ? money : book.money;
    if (book.money === null) return firstBalanceFacts(account, book, seen, isPrepaid(standing, money), at);
    if (isFinal) return correctedFacts(account, book, seen, cash, at);
    const facts = balanceFacts(account, book, seen, cash, at);
    return adopts || facts.every(({ data }) => 'operation' in data && data.operation !== null) ? facts : [];
  }

  /** After a snapshot: what a balance with all its reasons did not need is in it already. */
  reconciled({ accruals }: BrokerBook, { ms }: Now, { isFinal }: Pick<Finality, 'isFinal'>): void {
    const isExplained = isNothing(accruals.unexplained);
    if (isExplained) this.cash = [];
    if (isExplained) this.openSinceMs = null;
    else this.openSinceMs = isFinal ? Infinity : ms;
  }
}

/** Whether the equity of a snapshot has the commissions of what stands once, in its balance, or lacks them there. */
function isPrepaid(standing: BrokerSnapshot['standing'], { balance, credit, equity }: AccountFigures): boolean {
  const positions = standing.filter((report) => report.about === 'position');
  const floating = sum(positions.flatMap(({ profit, swap }) => [profit, swap]));
  const commission = sum(positions.map((report) => report.commission));
  const left = subtract(equity, sum([balance, credit, floating]));
  return compare(absolute(left), absolute(subtract(left, commission))) < 0;
}
