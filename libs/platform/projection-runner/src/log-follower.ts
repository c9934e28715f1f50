import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';
import type { EventLog } from '@core/event-log/event-log';
import { present } from '@core/kernel/present';
import { ok, type Result } from '@core/kernel/result';
import type { Disbelief } from './feed-alarm.ts';
import { FeedWord } from './feed-word.ts';
import type { FollowerLimits } from './follower-limits.ts';
import { attempt, retrying } from './retrying.ts';
import { PostgresLost } from './transaction.ts';

export interface FollowerParts {
  readonly log: EventLog;
  readonly limits: FollowerLimits;
  /** Gets every event once and in order; while its promise is pending it gets nothing else. */
  take(events: readonly RecordedEvent[]): Promise<void> | void;
  /** The feed left out this many events after the start, and they were taken from the log. */
  onHealed(events: number): void;
  /**
   * What was taken after this position does not stand in the log: all is to be as of this position again. Resolves when
   * it is; rejects when the log cannot be read, and is called again. Without it the feed is never taken at its word.
   */
  rewind?(position: number): Promise<void>;
  /** The feed told what the log does not hold; following goes on with what the log says. */
  onDisbelief(why: Disbelief, detail: string): void;
  /** Following ended after it had started: what was built on it is out of date from now on. */
  onFailure(error: unknown): void;
}

/** The log says what cannot be: it has a hole. */
export class LogContradiction extends Error {
  readonly code = 'log-contradiction';
}

/**
 * Brings the log to one taker: from the feed where that is whole, from the log where it is not.
 * One loop does both, so catching up and living on exclude each other. What the feed told is compared with the log when
 * there is time, at the latest when somebody asks before keeping it; if it was not true, what followed from it is undone.
 */
export class LogFollower {
  private taken = 0;
  private waiting: FeedBatch[] = [];
  private waitingEvents = 0;
  /** The log holds what neither was taken nor waits. */
  private behind = false;
  private running: Promise<void> | null = null;
  /** On the steady clock; null while there is nothing to take. */
  private runningSinceMs: number | null = null;
  private started = false;
  private caughtUp = false;
  private quiet = true;
  private poll: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();
  private readonly word: FeedWord;
  /** Somebody wants to know whether what was taken is true, or something was told twice. */
  private inDoubt = false;
  private readonly askers: ((isTrue: boolean) => void)[] = [];
  /** From so many events on the feed's word on the log is asked by itself. */
  private askFrom: number;
  private trustFromMs: number;
  private undone = 0;

  constructor(private readonly following: FollowerParts) {
    this.word = new FeedWord(following.log);
    this.askFrom = following.limits.onWordMax;
    this.trustFromMs = following.rewind ? 0 : Infinity;
  }

  /** The last position taken. */
  get position(): number {
    return this.taken;
  }

  /** For how long it has not been at the head of the log without a break; 0 while it is, so far as it has heard. */
  get behindMs(): number {
    return this.runningSinceMs === null ? 0 : performance.now() - this.runningSinceMs;
  }

  /** Resolves when everything up to the log's present head is taken; rejects when the log cannot be read. */
  async start(after: number): Promise<void> {
    this.taken = after;
    this.started = true;
    this.behind = true;
    await this.run();
    this.caughtUp = true;
    const { pollMs } = this.following.limits;
    if (pollMs > 0 && !this.stopping.signal.aborted) this.poll = setInterval(() => this.pollHead(), pollMs).unref();
  }

  /** Batches may come twice, late, out of order or not at all. Before `start` they are in the log it will read. */
  offer(batch: FeedBatch): void {
    if (!this.started || this.stopping.signal.aborted) return;
    this.inDoubt ||= this.isToldAgain(batch.first, batch.last);
    if (batch.last > this.taken) {
      this.quiet = false;
      this.note(batch);
    }
    if (this.inDoubt || batch.last > this.taken) this.runInBackground();
  }

  /** Takes what the log holds beyond what the feed has told. */
  async check(): Promise<void> {
    this.behind = true;
    await this.run();
  }

  /** As `check`, for nobody who waits for it. */
  wake(): void {
    this.behind = true;
    this.runInBackground();
  }

  /** Whether everything taken by now stands in the log; false too where that cannot be asked. */
  async isConfirmed(): Promise<boolean> {
    if (this.stopping.signal.aborted) return this.word.isTrue().catch(() => false);
    const { undone } = this;
    this.inDoubt = true;
    const answer = new Promise<boolean>((resolve) => this.askers.push(resolve));
    this.runInBackground();
    return (await answer) && this.undone === undone;
  }

  /** Takes nothing further; resolves when what is being taken is. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.poll);
    await this.running;
  }

  private note(batch: FeedBatch): void {
    if (performance.now() < this.trustFromMs) {
      this.behind = true;
    } else if (this.waitingEvents + batch.events.length > this.following.limits.waitingMax) {
      this.forgetWaiting();
      this.behind = true;
    } else {
      this.waiting.push(batch);
      this.waitingEvents += batch.events.length;
    }
  }

  /** The same once more, or the truth about what was not. */
  private isToldAgain(first: number, last: number): boolean {
    return first <= this.taken && this.word.covers(Math.min(last, this.taken));
  }

  private forgetWaiting(): void {
    this.waiting = [];
    this.waitingEvents = 0;
  }

  private pollHead(): void {
    if (this.quiet && this.running === null) this.wake();
    this.quiet = true;
  }

  private runInBackground(): void {
    if (this.running === null) this.run().catch((error: unknown) => this.following.onFailure(error));
  }

  private run(): Promise<void> {
    this.runningSinceMs ??= performance.now();
    return (this.running ??= this.loop());
  }

  private async loop(): Promise<void> {
    // Never done before its promise is in `running`.
    await Promise.resolve();
    try {
      while (!this.stopping.signal.aborted) {
        const next = this.waiting[0];
        if (this.inDoubt || this.word.events > this.askFrom) await this.askTheLog();
        else if (this.behind) await this.readOn();
        else if (!next) return;
        else if (next.first > this.taken + 1) await this.fillBefore(next);
        else await this.takeWaiting();
      }
    } finally {
      this.running = null;
      this.runningSinceMs = null;
      this.answer(false);
    }
  }

  /** What was told is committed already: a log that has been asked since and does not hold it never will. */
  private async fillBefore(next: FeedBatch): Promise<void> {
    await this.readOn();
    if (this.stopping.signal.aborted || next.first <= this.taken + 1 || next !== this.waiting[0]) return;
    this.forgetFirst();
    const told = `it told of ${next.first} to ${next.last}, the log is at ${this.taken}`;
    this.following.onDisbelief('beyond-the-log', told);
  }

  private async takeWaiting(): Promise<void> {
    const { first, last, events } = this.forgetFirst();
    this.inDoubt ||= this.isToldAgain(first, last);
    if (last <= this.taken) return;
    const fresh = first === this.taken + 1 ? events : events.slice(this.taken + 1 - first);
    if (!this.word.take(fresh)) {
      this.behind = true;
      return this.following.onDisbelief('unreadable', `${first} to ${last}`);
    }
    try {
      await this.take(fresh);
    } catch (error) {
      // What cannot be folded is a bug, unless it never happened.
      if (await this.word.isTrue().catch(() => true)) throw error;
      await this.undo();
    }
  }

  private async askTheLog(): Promise<void> {
    this.inDoubt = false;
    const isTrue = await this.word.isTrue().catch(() => null);
    if (isTrue === false) await this.undo();
    this.askFrom = this.word.events + this.following.limits.onWordMax;
    this.answer(isTrue === true);
  }

  private answer(isTrue: boolean): void {
    for (const asker of this.askers.splice(0)) asker(isTrue);
  }

  /** What the feed told is undone, and it is not taken at its word for a while. */
  private async undo(): Promise<void> {
    const { following, word } = this;
    const confirmed = present(word.confirmed, 'nothing was taken on the word of the feed');
    following.onDisbelief('not-in-the-log', `${word}`);
    this.trustFromMs = performance.now() + following.limits.distrustMs;
    this.forgetWaiting();
    await this.stubbornly(() => attempt(async () => following.rewind?.(confirmed)));
    if (this.stopping.signal.aborted) return;
    word.forget();
    this.undone += 1;
    this.taken = confirmed;
    this.behind = true;
  }

  private forgetFirst(): FeedBatch {
    const first = present(this.waiting.shift(), 'no batch waits');
    this.waitingEvents -= first.events.length;
    return first;
  }

  private async take(events: readonly RecordedEvent[]): Promise<void> {
    let expected = this.taken;
    for (const { position } of events) {
      expected += 1;
      if (position !== expected) throw new LogContradiction(`position ${position} where ${expected} was to come`);
    }
    if (events.length > 0) await this.following.take(events);
    this.taken = expected;
  }

  /** Takes what the log holds by now. */
  private async readOn(): Promise<void> {
    const isExpected = performance.now() < this.trustFromMs;
    const start = this.taken;
    this.behind = false;
    await this.stubbornly(() => this.readPages());
    if (this.caughtUp && this.taken > start && !isExpected) this.following.onHealed(this.taken - start);
  }

  /** Asks again while the log cannot be read. */
  private stubbornly(ask: () => Promise<Result<unknown, unknown>>): Promise<void> {
    const { retries, retryPauseMs: minMs, retryPauseMaxMs: maxMs } = this.following.limits;
    const { signal } = this.stopping;
    return retrying(ask, { retries, pauses: { minMs, maxMs }, signal, progress: () => this.taken });
  }

  /** Failing to read is worth a retry; so is a store that was lost while taking. What else fails there passes through. */
  private async readPages(): Promise<Result<null, unknown>> {
    const word = await attempt(() => this.word.isTrue());
    if (!word.ok) return word;
    if (!word.value) await this.undo();
    if (this.stopping.signal.aborted) return ok(null);
    const pages = this.following.log.read(this.taken)[Symbol.asyncIterator]();
    for (;;) {
      const page = await attempt(() => pages.next());
      if (!page.ok) return page;
      const { done, value } = page.value;
      if (done) return ok(null);
      const taken = await attempt(() => this.take(value));
      if (!taken.ok && taken.error instanceof PostgresLost) return taken;
      if (!taken.ok) throw taken.error;
      if (this.stopping.signal.aborted) await pages.return?.();
    }
  }
}
