import type { AccountId } from '@core/contracts/primitives';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { balanceFacts, type Booking } from './facts/balance-facts.ts';
import type { Fact } from './fact.ts';
import type { Now } from './knowledge.ts';
import type { AccountFigures, BookingReport, BrokerSnapshot } from './report.ts';
import { KEEPS } from './tracker-memory.ts';

/** An account's balance as its broker tells it, held until the deals and bookings that moved it have been told too. */
export class BalanceTracker {
  /** Deposits, withdrawals and credits: what the balance will owe a change to. */
  private bookings: readonly Booking[] = [];
  private unsettled: { readonly figures: AccountFigures; readonly sinceMs: number } | null = null;
  /** When the stream last told the figures. */
  private seenMs = -Infinity;

  constructor(
    private readonly account: AccountId,
    private readonly graceMs: number,
  ) {}

  /** A balance waits for what moved it. */
  get isOpen(): boolean {
    return this.unsettled !== null;
  }

  see(figures: AccountFigures, { ms }: Now): void {
    const { unsettled } = this;
    const moved = unsettled?.figures.balance !== figures.balance || unsettled.figures.credit !== figures.credit;
    this.unsettled = { figures, sinceMs: moved ? ms : unsettled.sinceMs };
    this.seenMs = ms;
  }

  note({ operation }: BookingReport, book: BrokerBook): void {
    const { reference } = operation;
    if (book.bookings.includes(reference)) return;
    if (this.bookings.some((booking) => booking.operation.reference === reference)) return;
    this.bookings = [...this.bookings, { operation, cause: null }].slice(-KEEPS);
  }

  /** What moved the balance, once it is all there or has had its time. `inferred`: nothing more is to come. */
  settle(book: BrokerBook, now: Now, inferred = false): readonly Fact[] {
    const { unsettled } = this;
    if (unsettled === null) return [];
    const late = inferred || now.ms - unsettled.sinceMs >= this.graceMs;
    const observation = { at: now.at, late, inferred };
    const facts = balanceFacts(this.account, book, unsettled.figures, this.untold(book), observation);
    if (facts === null) return [];
    this.unsettled = null;
    return facts;
  }

  /** Drops the bookings that the book tells by now. */
  forget({ bookings }: BrokerBook): void {
    this.bookings = this.bookings.filter(({ operation }) => !bookings.includes(operation.reference ?? ''));
  }

  /** As `settle`, with a snapshot at hand. `isFinal`: nothing that could have moved the balance is still to come. */
  reconcile(
    book: BrokerBook,
    { askedMs, history, money }: BrokerSnapshot,
    now: Now,
    { isFinal, lookAgain }: { readonly isFinal: boolean; readonly lookAgain: boolean },
  ): readonly Fact[] {
    const streamed = this.unsettled;
    for (const report of history)
      if (report.about === 'booking' && report.at >= (book.since ?? '')) this.note(report, book);
    if (this.seenMs <= askedMs) this.unsettled = { figures: money, sinceMs: now.ms };
    const facts = this.settle(book, now, isFinal);
    // What this balance did not need is in it already.
    if (this.unsettled === null) this.bookings = [];
    // What it leaves open is for the next look to say, and not for time.
    else if (lookAgain) this.unsettled = streamed;
    return facts;
  }

  /** What may have moved the balance and was not told as such: closing deals of the book, and bookings. */
  private untold({ unbooked }: BrokerBook): Booking[] {
    const deals = unbooked.map(({ positionId, delta, correlationid, eventId }): Booking => ({
      operation: { type: 'trading', delta, reference: positionId, comment: null },
      cause: { correlationid, lastEventId: eventId },
    }));
    return [...deals, ...this.bookings];
  }
}
