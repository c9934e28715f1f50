import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';
import type { EventLog } from '@core/event-log/event-log';
import { toMs } from '@core/kernel/instant';
import type { Pool, PoolClient } from 'pg';
import type { FeedAlarm } from './feed-alarm.ts';
import { followerLimits, type FollowerLimits } from './follower-limits.ts';
import { LogFollower } from './log-follower.ts';
import { noMetrics, type RunnerMetrics } from './metrics.ts';
import { inTransaction } from './transaction.ts';
import { Waiters } from './waiters.ts';

/** A projection too large for memory: rows of tables that its owner keeps. */
export interface TableProjection {
  readonly name: string;
  /** Names the meaning of the rows: with another version the tables are emptied and filled anew. */
  readonly version: number;
  /** Writes what these events change. Rows and checkpoint become true in the same transaction, so each event counts once. */
  write(transaction: PoolClient, events: readonly RecordedEvent[]): Promise<void>;
  /** Empties the tables. */
  clear(transaction: PoolClient): Promise<void>;
}

export interface TableRunnerOptions {
  readonly log: EventLog;
  readonly pool: Pool;
  /** Where the tables are, and their checkpoint (`migrateProjections`). */
  readonly schema: string;
  readonly table: TableProjection;
  readonly limits?: Partial<FollowerLimits>;
  readonly metrics?: RunnerMetrics;
  readonly alarm?: Pick<FeedAlarm, 'raise'>;
  /** Following failed for good. The default throws, which ends the process: crash-only. */
  readonly onFailure?: (error: unknown) => void;
}

/** The tables were filled by a newer build: this one would write rows of an older meaning. */
export class NewerTable extends Error {
  readonly code = 'newer-table';
}

/**
 * Keeps tables equal to the fold of the log. The feed tells it when there is something to read and is never taken at its
 * word: what is in a table stays there. Several processes may run it for the same tables: the checkpoint's row
 * lock makes them take turns, and who comes second finds the work done.
 */
export class TableRunner {
  private readonly follower: LogFollower;
  private readonly waiters = new Waiters();
  private readonly metrics: RunnerMetrics;
  private isReady = false;

  constructor(private readonly options: TableRunnerOptions) {
    this.metrics = options.metrics ?? noMetrics;
    this.follower = new LogFollower({
      log: options.log,
      limits: { ...followerLimits, ...options.limits },
      take: (events) => this.write(events),
      onHealed: (events) => this.metrics.healed(events),
      onDisbelief: (why, detail) => options.alarm?.raise(why, detail),
      onFailure: options.onFailure ?? rethrow,
    });
    this.metrics.watch(() => this.follower.behindMs);
  }

  /** The last event that the tables contain through this process; another one may be further. */
  get position(): number {
    return this.follower.position;
  }

  /** Whether the tables have once reached the head of the log. */
  get ready(): boolean {
    return this.isReady;
  }

  /** Resolves when the tables are at the head of the log; rejects with `NewerTable`, or when the log cannot be read. */
  async start(): Promise<void> {
    await this.follower.start(await inTransaction(this.options.pool, (client) => this.prepare(client)));
    this.isReady = true;
  }

  /** Takes a batch of the feed, in whatever order batches come; holes are filled from the log. */
  offer(batch: FeedBatch): void {
    this.follower.offer(batch);
  }

  /** Takes what the log holds beyond what the feed has told. */
  check(): Promise<void> {
    return this.follower.check();
  }

  /** Whether the tables contain `position` within the time; true at once if they do. */
  reached(position: number, timeoutMs: number): Promise<boolean> {
    return position <= this.position ? Promise.resolve(true) : this.waiters.wait(position, timeoutMs);
  }

  async stop(): Promise<void> {
    await this.follower.stop();
    this.waiters.giveUp();
  }

  private async prepare(client: PoolClient): Promise<number> {
    const {
      schema,
      table: { name, version },
    } = this.options;
    await client.query(
      `insert into ${schema}.table_checkpoint (name, version, position) values ($1, $2, 0) on conflict do nothing`,
      [name, version],
    );
    const { rows } = await client.query<{ version: number; position: string }>(
      `select version, position from ${schema}.table_checkpoint where name = $1 for update`,
      [name],
    );
    const stored = rows[0];
    if (!stored || stored.version === version) return Number(stored?.position ?? 0);
    if (stored.version > version)
      throw new NewerTable(`${name} is at version ${stored.version}, this build at ${version}`);
    await this.options.table.clear(client);
    await client.query(`update ${schema}.table_checkpoint set version = $2, position = 0 where name = $1`, [
      name,
      version,
    ]);
    return 0;
  }

  private async write(events: readonly RecordedEvent[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    await inTransaction(this.options.pool, async (client) => {
      const {
        schema,
        table: { name, version },
      } = this.options;
      const { rows } = await client.query<{ version: number; position: string }>(
        `select version, position from ${schema}.table_checkpoint where name = $1 for update`,
        [name],
      );
      const stored = rows[0];
      if (!stored || stored.version !== version) throw new NewerTable(`${name} is not at version ${version} any more`);
      const written = Number(stored.position);
      const fresh = events.filter(({ position }) => position > written);
      if (fresh.length === 0) return;
      await this.options.table.write(client, fresh);
      await client.query(`update ${schema}.table_checkpoint set position = $2 where name = $1`, [name, last.position]);
    });
    this.waiters.reached(last.position);
    this.metrics.taken(events.length, last.position, Date.now() - toMs(last.recordedtime));
  }
}

function rethrow(error: unknown): never {
  throw error;
}
