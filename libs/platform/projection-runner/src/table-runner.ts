import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';
import type { EventLog } from '@core/event-log/event-log';
import { toMs } from '@core/kernel/instant';
import type { Pool, PoolClient } from 'pg';
import type { FeedAlarm } from './feed-alarm.ts';
import { followerLimits, type FollowerLimits } from './follower-limits.ts';
import { LogFollower } from './log-follower.ts';
import { noMetrics, type RunnerMetrics } from './metrics.ts';
import { Paced } from './paced.ts';
import { spellBuild, type Build } from './releases.ts';
import { TableCheckpoints } from './table-checkpoints.ts';
import type { TableProjection, WriteRows } from './table-projection.ts';
import { inTransaction } from './transaction.ts';
import { Waiters } from './waiters.ts';

export interface TableRunnerOptions {
  readonly log: EventLog;
  readonly pool: Pool;
  /** Where the tables are, and their checkpoint (`migrateProjections`). */
  readonly schema: string;
  readonly table: TableProjection;
  /** Which time the tables are filled at this version; 0 is the first. */
  readonly build: number;
  readonly limits?: Partial<FollowerLimits>;
  readonly metrics?: RunnerMetrics;
  readonly alarm?: Pick<FeedAlarm, 'raise'>;
  /** Following failed for good. The default throws, which ends the process: crash-only. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Between the beginnings of two turns of writing. A turn takes seven questions and answers, whether it writes one event
 * or a thousand, and nobody waits for a table as for a state: it holds what is past.
 */
const REST_MS = 50;

/** Somebody dropped what is being filled. */
class BuildDropped extends Error {
  readonly code = 'build-dropped';
}

/**
 * Keeps the rows of one build equal to the fold of the log. The feed tells it when there is something to read and is
 * never taken at its word: what is in a table stays there. Several processes may run it for the same build: the
 * checkpoint's row lock makes them take turns, and who comes second finds the work done.
 */
export class TableRunner implements Build {
  readonly version: number;
  readonly build: number;
  private readonly checkpoints: TableCheckpoints;
  private readonly writeRows: WriteRows;
  private readonly follower: LogFollower;
  private readonly waiters = new Waiters();
  /** Of what the feed told, what goes furthest. */
  private heard: FeedBatch | null = null;
  private readonly pace: Paced;
  private readonly metrics: RunnerMetrics;
  private isReady = false;
  private isStopped = false;

  constructor(private readonly options: TableRunnerOptions) {
    const { table, schema, build } = options;
    this.version = table.version;
    this.build = build;
    this.checkpoints = new TableCheckpoints(schema, table);
    this.writeRows = table.writer(this);
    this.metrics = options.metrics ?? noMetrics;
    this.follower = new LogFollower({
      log: options.log,
      limits: { ...followerLimits, ...options.limits },
      take: (events) => this.write(events),
      onHealed: (events) => this.metrics.healed(events),
      onDisbelief: (why, detail) => options.alarm?.raise(why, detail),
      onFailure: options.onFailure ?? rethrow,
    });
    this.pace = new Paced(REST_MS, () => {
      if (this.heard) this.follower.offer(this.heard);
    });
  }

  /** The last event that the tables contain through this process; another one may be further. */
  get position(): number {
    return this.follower.position;
  }

  /** For how long it has been behind the log without a break. */
  get behindMs(): number {
    return this.follower.behindMs;
  }

  /** Whether the tables have once reached the head of the log. */
  get ready(): boolean {
    return this.isReady;
  }

  /** Resolves when the tables are at the head of the log; rejects when the log cannot be read. */
  async start(): Promise<void> {
    await this.follower.start(await this.transact((client) => this.checkpoints.begin(client, this)));
    this.isReady = !this.isStopped;
  }

  /** Takes a batch of the feed, in whatever order batches come; holes are filled from the log. */
  offer(batch: FeedBatch): void {
    if (this.heard && batch.last <= this.heard.last) return;
    this.heard = batch;
    this.pace.ask();
  }

  /** The log may hold what the feed has not told. */
  wake(): void {
    this.follower.wake();
  }

  /** Whether the tables contain `position` within the time; true at once if they do. */
  reached(position: number, timeoutMs: number): Promise<boolean> {
    return position <= this.position ? Promise.resolve(true) : this.waiters.wait(position, timeoutMs);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.pace.stop();
    await this.follower.stop();
    this.waiters.giveUp();
  }

  private async write(events: readonly RecordedEvent[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    await this.transact(async (client) => {
      const written = await this.checkpoints.hold(client, this);
      if (written === null)
        throw new BuildDropped(`${this.options.table.name} ${spellBuild(this)} is not there any more`);
      const fresh = events.filter(({ position }) => position > written);
      if (fresh.length === 0) return;
      await this.writeRows(client, fresh);
      await this.checkpoints.advance(client, this, last.position);
    });
    this.waiters.reached(last.position);
    this.metrics.taken(events.length, last.position, Date.now() - toMs(last.recordedtime));
  }

  private transact<Value>(work: (client: PoolClient) => Promise<Value>): Promise<Value> {
    return inTransaction(this.options.pool, work);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
