import type { IntakeSender } from '@core/bus/intake-sender';
import { versionOf, type EventBody, type RecordedEvent } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { accountFacts } from '@core/execution/facts/account-facts';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { newId } from '@core/service/clock';
import type { BrokerSession } from '../broker-adapter.ts';
import type { VenueCatalog } from '../market/venue-catalog.ts';
import type { Claims } from '../requests/claims.ts';
import type { Inbox } from './inbox.ts';
import type { OptimisticBook } from './optimistic-book.ts';
import type { SessionClock } from './session-clock.ts';

const TEXT_MAX = 512;

/** What works on an account, as far as it is begun here. */
export interface Startable {
  readonly book: OptimisticBook;
  /** Compares first, sends then. */
  begin(session: BrokerSession): Promise<void>;
}

export interface SessionStartParts<Work extends Startable> {
  readonly account: AccountId;
  /** The build that makes the events. */
  readonly source: string;
  readonly intake: Pick<IntakeSender, 'send'>;
  readonly catalog: VenueCatalog;
  readonly instrumentsMs: number;
  readonly claims: Pick<Claims, 'isOpen'>;
  readonly inbox: Inbox;
  readonly clock: SessionClock;
  /** This instance and the fencing token of the account's lease. */
  claimant(): string;
  /** Begins to work on the fold of the log as it is just now. */
  makeWork(): Work;
}

/**
 * How a session begins: the log holds everything that was told of the account before, what is in doubt is said to be, and
 * the broker is compared with the book; only then is anything sent. What the broker says meanwhile waits in the inbox.
 */
export class SessionStart<Work extends Startable> {
  private barrier: { readonly eventId: Uuid; readonly pass: () => void } | null = null;

  constructor(private readonly parts: SessionStartParts<Work>) {}

  /** `known` is what earlier sessions of this process worked on; null before the first. */
  async begin(session: BrokerSession, known: Work | null): Promise<Work> {
    const { account, catalog, instrumentsMs, inbox, clock } = this.parts;
    await catalog.load(session, instrumentsMs);
    known?.book.say({ type: 'AccountSessionOpened', data: { connector: this.parts.claimant() } });
    const work = known ?? (await this.passBarrier());
    this.doubtWhatWasSent(work);
    const { book } = work;
    const report = await session.account();
    if (report) book.emit(accountFacts(account, book.tracker.book, report, clock.now().at));
    inbox.open(book);
    await work.begin(session);
    return work;
  }

  /** The broker refused the login: people are to know why there is no session, and for how long. */
  refused(brokerCode: string, pauseMs: number): void {
    const againAt = instantFromMs(toMs(this.parts.clock.now().at) + pauseMs);
    const reason = `login refused (${brokerCode}), tried again at ${againAt}`.slice(0, TEXT_MAX);
    this.say(newId(), { type: 'AccountSessionLost', data: { connector: this.parts.claimant(), reason } });
  }

  /** Whether an event of the log is the one that is waited for. */
  learn({ id }: RecordedEvent): boolean {
    if (id !== this.barrier?.eventId) return false;
    this.barrier.pass();
    return true;
  }

  /** Whether it is the opening of the session that the log will never hold. */
  isRefused(eventId: Uuid): boolean {
    return eventId === this.barrier?.eventId;
  }

  /** The session has ended: nothing is waited for any more. */
  end(): void {
    this.barrier = null;
  }

  /**
   * The first session of this process waits until the log holds its opening: whatever an earlier holder of the account
   * had on its way is in the log by then, before it, and the fold of that moment is what to compare the broker with.
   * The work begins at once, within that event: the next one may come before anybody who waits is told.
   */
  private passBarrier(): Promise<Work> {
    const { claimant, makeWork } = this.parts;
    const eventId = newId();
    return new Promise((resolve) => {
      this.barrier = { eventId, pass: () => resolve(makeWork()) };
      this.say(eventId, { type: 'AccountSessionOpened', data: { connector: claimant() } });
    });
  }

  /** Nothing is worked on yet: it goes to the log by itself. */
  private say(id: Uuid, happening: EventBody<'AccountSessionOpened' | 'AccountSessionLost'>): void {
    const { account, source, intake, clock } = this.parts;
    const { at: time } = clock.now();
    const chain = { correlationid: id, causationid: null };
    const versioned = { id, schemaversion: versionOf(happening.type), source, subject: account, time };
    intake.send(account, [{ ...versioned, ...chain, ...happening }]);
  }

  /** Sent by an earlier process: what this one sends it has not sent yet, or it said so when its session ended. */
  private doubtWhatWasSent({ book }: Work): void {
    const { claims, clock } = this.parts;
    const { tracker } = book;
    for (const { requestId, status } of Object.values(tracker.book.requests)) {
      if (status === 'dispatched' && !claims.isOpen(requestId))
        book.emit(tracker.doubt(requestId, 'connector-restart', clock.now()));
    }
  }
}
