import type { Drift } from '@core/contracts/events/account';
import { factOf, type Fact } from '@core/execution/fact';
import type { Patience } from '@core/execution/reconciliation/lost-response';
import { reconcile, type Reconciled } from '@core/execution/reconciliation/reconcile';
import type { AccountTracker } from '@core/execution/account-tracker';
import type { Now } from '@core/execution/knowledge';
import type { BookRequest } from '@core/projections/broker-book/state';
import type { MainConnection } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';
import { BrokerFailure, UnreadableAnswer } from '../broker-failure.ts';
import { isClean, policiesOn, type DriftRules, type Occasion } from './drift-policy.ts';
import { historyStart, readBroker } from './read-broker.ts';

export interface ReconcilerOptions {
  readonly patience: Patience;
  readonly raceMs: number;
  readonly reconcileMs: number;
  readonly historyMarginMs: number;
  readonly rules: DriftRules;
}

export interface ReconcilerParts {
  readonly desk: AccountTracker;
  readonly options: ReconcilerOptions;
  now(): Now;
  emit(facts: readonly Fact[]): void;
  sinceSentMs(request: BookRequest): number | null;
  /** Descriptions that trades need and nobody has: read them first. */
  learnInstruments(): Promise<void>;
  /** What was found is on its way to the log; `isClean` tells what was to be expected from what was not. */
  onLook(occasion: Occasion, drifts: readonly Drift[], isClean: boolean): void;
  onUnreadable(reason: string): void;
}

/** Questions that repeat themselves wait longer each time, up to the periodic look. */
const QUESTION_MAX_DOUBLINGS = 6;
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
  /** A look that left something open, and until when the next one goes on with it. */
  private open: { readonly occasion: Occasion; readonly untilMs: number } | null = null;

  constructor(private readonly parts: ReconcilerParts) {}

  /** The first look of a session; rejects like `readBroker`. */
  async start(main: MainConnection): Promise<void> {
    this.dueMs = Infinity;
    this.questions = 0;
    this.open = null;
    await this.look(main, this.hasStarted ? 'reconnect' : 'start');
    this.hasStarted = true;
  }

  /** To be called often: looks again where it is time to. */
  advance(main: MainConnection): void {
    const { desk, options, now } = this.parts;
    if (this.isRunning) return;
    const { ms } = now();
    if (desk.wantsSnapshot && this.dueMs === Infinity) {
      // The stream may still say it by itself, and records that race with the snapshot make it worthless.
      this.dueMs = ms + options.raceMs * 2 ** Math.min(this.questions, QUESTION_MAX_DOUBLINGS) * 1.2;
      this.questions += 1;
    }
    const isPeriodic = ms >= this.nextPeriodicMs;
    if (!isPeriodic && ms < this.dueMs) return;
    this.dueMs = Infinity;
    const open = this.open && ms < this.open.untilMs ? this.open.occasion : 'question';
    this.look(main, isPeriodic ? 'periodic' : open).catch((error: unknown) => {
      if (error instanceof UnreadableAnswer) this.parts.onUnreadable(error.message);
      else if (!(error instanceof BrokerFailure)) throw error; // it ended or was slow: there will be another look
      desk.askForSnapshot();
    });
  }

  private async look(main: MainConnection, occasion: Occasion): Promise<void> {
    const { desk, options, now, emit, sinceSentMs, learnInstruments } = this.parts;
    this.isRunning = true;
    try {
      const start = historyStart(desk.book, desk.memory.missingSince.size > 0, options.historyMarginMs);
      let read = await readBroker(main, start);
      for (const report of [...read.standing, ...read.history])
        if (report.about !== 'booking') desk.contractOf(report.instrument);
      if (desk.lacksInstruments) {
        await learnInstruments();
        read = await readBroker(main, start);
      }
      const { patience, raceMs, rules } = options;
      const policies = policiesOn(occasion, rules);
      const adopts = (kind: Drift['kind']): boolean => policies[kind] !== 'observe';
      const found = reconcile(desk, read, now(), { patience, raceMs, sinceSentMs, adopts });
      emit(found.facts);
      this.conclude(occasion, found);
    } finally {
      this.isRunning = false;
    }
  }

  private conclude(occasion: Occasion, found: Reconciled): void {
    const { desk, options, now, emit, onLook } = this.parts;
    const { facts, drifts, positions, orders, lookAgain } = found;
    const { patience, reconcileMs, rules } = options;
    const { ms, at } = now();
    if (lookAgain) this.dueMs = ms + patience.againMs;
    if (facts.length > 0 || !desk.wantsSnapshot) this.questions = 0;
    if (occasion !== 'question') this.nextPeriodicMs = ms + reconcileMs;
    this.leaveOpen(lookAgain ? occasion : 'question', ms);
    if (drifts.length === 0 && (lookAgain || occasion === 'question')) return;

    const clean = isClean(occasion, found, policiesOn(occasion, rules));
    const outcome = clean ? ('clean' as const) : ('drift' as const);
    const data = { outcome, positions, orders, drifts: drifts.slice(0, DRIFTS_MAX) };
    emit([factOf(desk.account, { type: 'AccountReconciled', data }, { key: at, content: data }, at, null)]);
    onLook(occasion, drifts, clean);
  }

  /** What takes two looks belongs to the first: it happened before it. Not for ever, or nothing would be new. */
  private leaveOpen(occasion: Occasion, ms: number): void {
    const { settleMs, againMs } = this.parts.options.patience;
    if (occasion === 'question') this.open = null;
    else if (this.open?.occasion !== occasion) this.open = { occasion, untilMs: ms + settleMs + OPEN_LOOKS * againMs };
  }
}
