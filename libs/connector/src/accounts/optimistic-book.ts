import type { IntakeSender } from '@core/bus/intake-sender';
import type { EventBody, RecordedEvent } from '@core/contracts/event';
import type { AccountId, ContractTerms, Instrument, Uuid } from '@core/contracts/primitives';
import { AccountTracker } from '@core/execution/account-tracker';
import { eventOf, factOf, type Fact } from '@core/execution/fact';
import type { Now } from '@core/execution/knowledge';
import { kindOf, type BookRequest, type BrokerBook } from '@core/projections/broker-book/state';
import { newId } from '@core/service/clock';
import type { GrantedClaim } from '../requests/claims.ts';

export interface OptimisticBookOptions {
  readonly account: AccountId;
  /** The build that makes the events. */
  readonly source: string;
  readonly intake: Pick<IntakeSender, 'send'>;
  readonly graceMs: number;
  readonly raceMs: number;
  now(): Now;
  contractOf(instrument: Instrument): ContractTerms | null;
  /** After facts went out. */
  onTold(facts: readonly Fact[]): void;
}

/**
 * What this process believes of one account: the fold of the log, and on top of it what it has sent and not seen back.
 * Its own events are applied when they are sent and skipped when they return; everybody else's when they come.
 *
 * It is a second book beside the runner's, and must be: that one is the log's, as it is saved, and what this one is
 * rebased on; this one runs ahead of it.
 */
export class OptimisticBook {
  readonly tracker: AccountTracker;
  private readonly unreturned = new Set<Uuid>();
  private hasParted = false;

  /** `book` is this one's from now on. */
  constructor(
    book: BrokerBook,
    private readonly options: OptimisticBookOptions,
  ) {
    this.tracker = new AccountTracker({ ...options, book });
  }

  /** Puts facts that the tracker has told on their way to the log, in order. */
  emit(facts: readonly Fact[]): void {
    if (facts.length === 0) return;
    const { account, source, intake, onTold } = this.options;
    for (const { id } of facts) this.unreturned.add(id);
    intake.send(
      account,
      facts.map((fact) => eventOf(fact, account, source)),
    );
    onTold(facts);
  }

  /** Puts something of the session itself into the log. */
  say(body: EventBody): void {
    this.emit([factOf(this.options.account, body, { key: newId() }, this.options.now().at, null)]);
  }

  /** An event that is in the log, whoever put it there. */
  learn(event: RecordedEvent, now: Now): void {
    if (!this.unreturned.delete(event.id)) this.emit(this.tracker.learn(event, now));
  }

  /** The ledger has granted our claim: the book knows it at once, and the feed's copy is skipped when it comes. */
  dispatched({ requestId, ask, correlationid, lastEventId }: BookRequest, claim: GrantedClaim, now: Now): void {
    if (this.tracker.book.requests[requestId]?.status !== 'requested') return;
    const { eventId: id, connector } = claim;
    const data = { kind: kindOf(ask), requestId, connector };
    const fact: Fact = {
      id,
      time: now.at,
      correlationid,
      causationid: lastEventId,
      type: 'RequestDispatched',
      data,
    };
    this.unreturned.add(id);
    this.emit(this.tracker.learn(fact, now));
  }

  /** The log will never hold one of our events: it and the tracker say different things from now on. */
  refused(id: Uuid): void {
    this.hasParted = this.unreturned.delete(id) || this.hasParted;
  }

  /** The log's own book is another than the one this was learnt from, and what seemed to have returned may not have. */
  rewound(): void {
    this.hasParted = true;
    this.unreturned.clear();
  }

  /** Whether it went apart from the log, and nothing is on its way that would have to be waited for. */
  get hasDiverged(): boolean {
    return this.hasParted && this.unreturned.size === 0;
  }

  /** Starts again from the log's own state, which is this one's from now on. */
  rebase(book: BrokerBook): void {
    this.tracker.restart(book);
    this.hasParted = false;
  }
}
