import type { Drift } from '@core/contracts/events/account';
import { factOf, type Fact } from '@core/execution/fact';
import type { Patience } from '@core/execution/reconciliation/lost-response';
import { reconcile, type Reconciled } from '@core/execution/reconciliation/reconcile';
import type { AccountTracker } from '@core/execution/account-tracker';
import type { Now } from '@core/execution/knowledge';
import type { BrokerSnapshot } from '@core/execution/report';
import { backoffMs } from '@core/kernel/backoff';
import type { BookRequest } from '@core/projections/broker-book/state';
import type { BrokerSession } from '../broker-adapter.ts';
import { BrokerFailure, UnreadableAnswer } from '../broker-failure.ts';
import { isClean, policiesOn, type DriftRules, type Occasion } from './drift-policy.ts';
import type { ReconciliationSettings } from './drift-settings.ts';
import { historyStart } from './history-start.ts';

/** What reconciliation asks of a session. */
export type ReadSession = Pick<BrokerSession, 'snapshot' | 'instrument'>;

export interface ReconcilerParts {
  readonly tracker: AccountTracker;
  readonly settings: ReconciliationSettings;
  readonly rules: DriftRules;
  now(): Now;
  emit(facts: readonly Fact[]): void;
  sinceSentMs(request: BookRequest): number | null;
  /** Descriptions that trades need and nobody has: read them first. */
  learnInstruments(session: ReadSession): Promise<void>;
  /** What was found is on its way to the log; `isClean` tells what was to be expected from what was not. */
  onLook(occasion: Occasion, drifts: readonly Drift[], isClean: boolean): void;
  onUnreadable(reason: string): void;
}

/** What one look found, and what stood at the broker. `open`: something takes a second look, which comes by itself. */
export interface Look {
  readonly outcome: 'clean' | 'drift' | 'open';
  readonly found: Reconciled;
  readonly standing: BrokerSnapshot['standing'];
}

/** Questions that repeat themselves wait longer each time, up to the periodic look. */
const QUESTION_RACES_MAX = 64;
const DRIFTS_MAX = 500;
/** Looks that one which left something open may take beyond the time a broker may need. */
const OPEN_LOOKS = 4;

/** Asks the broker for everything, at a start, now and then, and when the stream left something open. */
export class Reconciler {
  private isRunning = false;
  private dueMs = Infinity;
  private nextPeriodicMs = Infinity;
  private questions = 0;
  private hasStarted = false;
  /** The facts of the last look: the same again means that the log did not take them. */
  private lastFound = '';
  /** A look that left something open, and until when the next one goes on with it. */
  private open: { readonly occasion: Occasion; readonly untilMs: number } | null = null;

  private readonly patience: Patience;

  constructor(private readonly parts: ReconcilerParts) {
    const { lookupSettleMs: settleMs, lookupAgainMs: againMs } = parts.settings;
    this.patience = { settleMs, againMs };
  }

  /** The first look of a session; rejects like the session's questions do. */
  async start(session: ReadSession): Promise<void> {
    this.dueMs = Infinity;
    this.questions = 0;
    this.open = null;
    await this.look(session, this.hasStarted ? 'reconnect' : 'start');
    this.hasStarted = true;
  }

  /** To be called often: looks again where it is time to. */
  advance(session: ReadSession): void {
    const { tracker, settings, now } = this.parts;
    if (this.isRunning) return;
    const { ms } = now();
    if (tracker.wantsSnapshot && this.dueMs === Infinity) {
      // The stream may still say it by itself, and records that race with the snapshot make it worthless.
      this.questions += 1;
      const { raceMs } = settings;
      this.dueMs = ms + 1.2 * backoffMs({ minMs: raceMs, maxMs: raceMs * QUESTION_RACES_MAX }, this.questions);
    }
    const isPeriodic = ms >= this.nextPeriodicMs;
    if (!isPeriodic && ms < this.dueMs) return;
    this.dueMs = Infinity;
    const open = this.open && ms < this.open.untilMs ? this.open.occasion : 'question';
    this.look(session, isPeriodic ? 'periodic' : open).catch((error: unknown) => {
      if (error instanceof UnreadableAnswer) this.parts.onUnreadable(error.message);
      else if (!(error instanceof BrokerFailure)) throw error; // it ended or was slow: there will be another look
      tracker.askForSnapshot();
    });
  }

  /** Now, and what was found: the periodic look brought forward. Null while one is under way; rejects like the session's questions do. */
  async lookNow(session: ReadSession): Promise<Look | null> {
    return this.isRunning ? null : this.look(session, 'periodic');
  }

  private async look(session: ReadSession, occasion: Occasion): Promise<Look> {
    const { tracker, settings, rules, now, emit, sinceSentMs, learnInstruments } = this.parts;
    this.isRunning = true;
    try {
      const start = historyStart(tracker.book, tracker.memory.missingSince.size > 0, settings.historyMarginMs);
      let read = await session.snapshot(start);
      for (const report of [...read.standing, ...read.history])
        if (report.about !== 'booking') tracker.contractOf(report.instrument);
      if (tracker.lacksInstruments) {
        await learnInstruments(session);
        read = await session.snapshot(start);
      }
      const { patience } = this;
      const { raceMs } = settings;
      const policies = policiesOn(occasion, rules);
      const adopts = (kind: Drift['kind']): boolean => policies[kind] !== 'observe';
      const found = reconcile(tracker, read, now(), { patience, raceMs, sinceSentMs, adopts });
      emit(found.facts);
      return { outcome: this.conclude(occasion, found), found, standing: read.standing };
    } finally {
      this.isRunning = false;
    }
  }

  private conclude(occasion: Occasion, found: Reconciled): Look['outcome'] {
    const { tracker, settings, rules, now, emit, onLook } = this.parts;
    const { facts, drifts, positions, orders, lookAgain } = found;
    const { ms, at } = now();
    if (lookAgain) this.dueMs = ms + this.patience.againMs;
    const ids = facts.map(({ id }) => id).join();
    const isRepeated = ids !== '' && ids === this.lastFound;
    this.lastFound = ids;
    if (!isRepeated && (ids !== '' || !tracker.wantsSnapshot)) this.questions = 0;
    if (occasion !== 'question') this.nextPeriodicMs = ms + settings.reconcileMs;
    this.leaveOpen(lookAgain ? occasion : 'question', ms);
    if (drifts.length === 0 && (lookAgain || occasion === 'question')) return lookAgain ? 'open' : 'clean';

    const clean = isClean(occasion, found, policiesOn(occasion, rules));
    const outcome = clean ? ('clean' as const) : ('drift' as const);
    const data = { outcome, positions, orders, drifts: drifts.slice(0, DRIFTS_MAX) };
    emit([factOf(tracker.account, { type: 'AccountReconciled', data }, { key: at, content: data }, at, null)]);
    onLook(occasion, drifts, clean);
    return outcome;
  }

  /** What takes two looks belongs to the first: it happened before it. Not for ever, or nothing would be new. */
  private leaveOpen(occasion: Occasion, ms: number): void {
    const { settleMs, againMs } = this.patience;
    if (occasion === 'question') this.open = null;
    else if (this.open?.occasion !== occasion) this.open = { occasion, untilMs: ms + settleMs + OPEN_LOOKS * againMs };
  }
}
