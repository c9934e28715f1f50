import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, ContractTerms, Instrument, Uuid } from '@core/contracts/primitives';
import type { IntakeSender } from '@core/bus/intake-sender';
import { brokerBook } from '@core/projections/broker-book/fold';
import { AccountTracker } from '@core/execution/account-tracker';
import { eventOf, type Fact } from '@core/execution/fact';
import type { Now } from '@core/execution/knowledge';

/** The fold's state; the desk owns its copy and changes it. */
export type Book = ReturnType<typeof brokerBook.initial>;

export interface BeliefOptions {
  readonly account: AccountId;
  /** The build that makes the events. */
  readonly source: string;
  readonly intake: IntakeSender;
  readonly graceMs: number;
  readonly raceMs: number;
  contractOf(instrument: Instrument): ContractTerms | null;
  /** After facts went out. */
  onTold(facts: readonly Fact[]): void;
}

/**
 * What this process believes of one account: the fold of the log, and on top of it what it has sent and not seen back.
 * Its own events are applied when they are sent and skipped when they return; everybody else's when they come.
 */
export class Belief {
  readonly desk: AccountTracker;
  private readonly unreturned = new Set<Uuid>();
  private isTorn = false;

  constructor(
    book: Book,
    private readonly options: BeliefOptions,
  ) {
    this.desk = new AccountTracker({ ...options, book: structuredClone(book) });
  }

  /** Events of ours that have not come back from the log. */
  get unconfirmed(): number {
    return this.unreturned.size;
  }

  /** Puts facts that the desk has told on their way to the log, in order. */
  emit(facts: readonly Fact[]): void {
    if (facts.length === 0) return;
    const { account, source, intake } = this.options;
    for (const { id } of facts) this.unreturned.add(id);
    intake.send(
      account,
      facts.map((fact) => eventOf(fact, account, source)),
    );
    this.options.onTold(facts);
  }

  /** An event that is in the log, whoever put it there. */
  learn(event: RecordedEvent, now: Now): void {
    if (!this.unreturned.delete(event.id)) this.emit(this.desk.learn(event, now));
  }

  /** An event that the ledger has committed for us and that the feed will bring too. */
  anticipate(fact: Fact, now: Now): void {
    this.unreturned.add(fact.id);
    this.emit(this.desk.learn(fact, now));
  }

  /** The log will never hold one of our events: it and the desk say different things from now on. */
  refused(id: Uuid): void {
    this.isTorn = this.unreturned.delete(id) || this.isTorn;
  }

  /** Starts again from the log's own state where the two went apart; only when nothing is on its way. */
  mend(book: Book): void {
    if (!this.isTorn || this.unreturned.size > 0) return;
    this.desk.restart(structuredClone(book));
    this.isTorn = false;
  }
}
