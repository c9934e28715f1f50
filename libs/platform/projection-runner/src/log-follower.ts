import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';
import type { EventLog } from '@core/event-log/event-log';
import { backoffMs } from '@core/kernel/backoff';
import { present } from '@core/kernel/present';
import { err, ok, type Result } from '@core/kernel/result';
import { setTimeout as pause } from 'node:timers/promises';
import type { Disbelief } from './feed-alarm.ts';

export interface FollowerLimits {
  /** Most events of the feed that wait while the log is read; beyond it they are dropped and read from the log. */
  readonly waitingMax: number;
  /** How often in a row reading the log may fail before following does, and the pause before the first retry. */
  readonly retries: number;
  readonly retryPauseMs: number;
  /** Pauses double up to this. */
  readonly retryPauseMaxMs: number;
  /** After this long without the feed the log is asked for its head: the last message may be lost. 0 is never. */
  readonly pollMs: number;
}

export const followerLimits: FollowerLimits = {
  waitingMax: 50_000,
  retries: 8,
  retryPauseMs: 100,
  retryPauseMaxMs: 5_000,
  pollMs: 1_000,
};

export interface FollowerParts {
  readonly log: EventLog;
  readonly limits: FollowerLimits;
  /** Gets every event once and in order; while its promise is pending it gets nothing else. */
  take(events: readonly RecordedEvent[]): Promise<void> | void;
  /** The feed left out this many events after the start, and they were taken from the log. */
  onHealed(events: number): void;
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
 * One loop does both, so catching up and living on exclude each other.
 */
export class LogFollower {
  private taken = 0;
  private waiting: FeedBatch[] = [];
  private waitingEvents = 0;
  /** The log holds what neither was taken nor waits. */
  private behind = false;
  private running: Promise<void> | null = null;
  private started = false;
  private caughtUp = false;
  private quiet = true;
  private poll: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly following: FollowerParts) {}

  /** The last position taken. */
  get position(): number {
    return this.taken;
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
    if (!this.started || this.stopping.signal.aborted || batch.last <= this.taken) return;
    this.quiet = false;
    if (this.waitingEvents + batch.events.length > this.following.limits.waitingMax) {
      this.waiting = [];
      this.waitingEvents = 0;
      this.behind = true;
    } else {
      this.waiting.push(batch);
      this.waitingEvents += batch.events.length;
    }
    this.runInBackground();
  }

  /** Takes what the log holds beyond what the feed has told. */
  async check(): Promise<void> {
    this.behind = true;
    await this.run();
  }

  /** Takes nothing further; resolves when what is being taken is. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.poll);
    await this.running;
  }

  private pollHead(): void {
    if (this.quiet && this.running === null) {
      this.behind = true;
      this.runInBackground();
    }
    this.quiet = true;
  }

  private runInBackground(): void {
    if (this.running === null) this.run().catch((error: unknown) => this.following.onFailure(error));
  }

  private run(): Promise<void> {
    return (this.running ??= this.loop());
  }

  private async loop(): Promise<void> {
    // Never done before its promise is in `running`.
    await Promise.resolve();
    try {
      while (!this.stopping.signal.aborted) {
        const next = this.waiting[0];
        if (this.behind) await this.readOn();
        else if (!next) return;
        else if (next.first > this.taken + 1) await this.fillBefore(next);
        else await this.takeWaiting();
      }
    } finally {
      this.running = null;
    }
  }

  /** What was told is committed already: a log that has been asked since and does not hold it never will. */
  private async fillBefore(next: FeedBatch): Promise<void> {
    await this.readOn();
    if (this.stopping.signal.aborted || next.first <= this.taken + 1 || next !== this.waiting[0]) return;
    this.forgetFirst();
    this.following.onDisbelief(
      'beyond-the-log',
      `it told of ${next.first} to ${next.last}, the log is at ${this.taken}`,
    );
  }

  private async takeWaiting(): Promise<void> {
    const { first, last, events } = this.forgetFirst();
    if (last <= this.taken) return;
    const known = this.taken + 1 - first;
    await this.take(known === 0 ? events : events.slice(known));
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
    if (events.length === 0) return;
    await this.following.take(events);
    this.taken = expected;
  }

  /** Takes what the log holds by now. */
  private async readOn(): Promise<void> {
    const { retries, retryPauseMs, retryPauseMaxMs } = this.following.limits;
    const start = this.taken;
    this.behind = false;
    for (let failures = 0; ;) {
      const before = this.taken;
      const read = await this.readPages();
      if (this.stopping.signal.aborted || read.ok) break;
      failures = this.taken > before ? 1 : failures + 1;
      if (failures > retries) throw read.error;
      await this.pause(backoffMs({ minMs: retryPauseMs, maxMs: retryPauseMaxMs }, failures));
    }
    if (this.caughtUp && this.taken > start) this.following.onHealed(this.taken - start);
  }

  /** Failing to read is worth a retry; failing to take is not, and passes through. */
  private async readPages(): Promise<Result<null, unknown>> {
    const pages = this.following.log.read(this.taken)[Symbol.asyncIterator]();
    for (;;) {
      let page: IteratorResult<readonly RecordedEvent[]>;
      try {
        page = await pages.next();
      } catch (error) {
        return err(error);
      }
      if (page.done) return ok(null);
      await this.take(page.value);
      if (this.stopping.signal.aborted) await pages.return?.();
    }
  }

  private async pause(ms: number): Promise<void> {
    try {
      await pause(ms, undefined, { signal: this.stopping.signal });
    } catch (error) {
      if (!this.stopping.signal.aborted) throw error;
    }
  }
}
