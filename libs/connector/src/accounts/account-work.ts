import type { IntakeSender } from '@core/bus/intake-sender';
import type { RecordedEvent } from '@core/contracts/event';
import { equityMark } from '@core/execution/facts/balance-facts';
import type { BrokerBook } from '@core/projections/broker-book/state';
import type { BrokerSession } from '../broker-adapter.ts';
import { BrokerFailure } from '../broker-failure.ts';
import type { Look, Reconciler } from '../drift/reconciler.ts';
import type { VenueCatalog } from '../market/venue-catalog.ts';
import type { Executor } from '../requests/executor.ts';
import type { EquityMarks } from './equity-marks.ts';
import type { OptimisticBook } from './optimistic-book.ts';
import type { SessionClock } from './session-clock.ts';

export interface AccountWorkParts {
  readonly book: OptimisticBook;
  readonly executor: Executor;
  readonly reconciler: Reconciler;
  readonly equity: EquityMarks;
  readonly clock: SessionClock;
  readonly catalog: VenueCatalog;
  readonly intake: Pick<IntakeSender, 'pending'>;
  /** From this many unconfirmed events on no session is worth having. */
  readonly intakeMax: number;
  /** A copy of the fold of the log, as of the event that is being told. */
  logBook(): BrokerBook;
}

/** What is believed of one account and what works on it: made by its first session here, kept over all of them. */
export class AccountWork {
  readonly book: OptimisticBook;
  readonly executor: Executor;

  constructor(private readonly parts: AccountWorkParts) {
    this.book = parts.book;
    this.executor = parts.executor;
  }

  /** Compares first, sends then. */
  async begin(session: BrokerSession): Promise<void> {
    await this.parts.reconciler.start(session);
    this.executor.begin(session);
  }

  /** Because an operator asks; null while a look is under way. */
  look(session: BrokerSession): Promise<Look | null> {
    return this.parts.reconciler.lookNow(session);
  }

  /** An event of this account in the log, with the fold as of just this event. */
  learn(event: RecordedEvent): void {
    this.book.learn(event, this.parts.clock.now());
    if (event.type.endsWith('Requested')) this.executor.pump();
  }

  /** To be called often while there is a session. */
  tick(session: BrokerSession): void {
    const { book, executor, reconciler, equity, clock, intake, intakeMax, logBook } = this.parts;
    const { tracker } = book;
    if (!session.isOpen) return;
    if (intake.pending > intakeMax) return session.close('the log is too far behind');
    const now = clock.now();
    if (tracker.waiting) book.emit(tracker.settle(now));
    if (book.hasDiverged) book.rebase(logBook());
    if (tracker.lacksInstruments)
      this.learnInstruments(session).catch((error: unknown) => {
        if (!(error instanceof BrokerFailure)) throw error;
      });
    const money = tracker.awaitsReason ? null : equity.due(now.ms);
    if (money) book.emit([equityMark(tracker.account, money, now.at)]);
    executor.pump();
    reconciler.advance(session);
  }

  /** Descriptions of instruments that the broker spoke of and nobody has. */
  async learnInstruments(session: Pick<BrokerSession, 'instrument'>): Promise<void> {
    const { book, catalog } = this.parts;
    for (const instrument of book.tracker.takeMissingInstruments()) await catalog.loadOne(session, instrument);
  }
}
