import { SignedCheckpoint } from '@core/log-proof/checkpoint';
import { patience } from '@core/service/postgres-patience';
import { Pool } from 'pg';
import type { CheckpointSink } from './checkpoint-sink.ts';

const TIMEOUT_MS = 10_000;
/** The ledger's login there needs no more than to create this, once, and to insert and read. */
const TABLE = `create table if not exists log_checkpoint (
  last bigint primary key, signed json not null, kept_at timestamptz not null default now())`;

/** A table in a database of somebody else's. */
export class DatabaseSink implements CheckpointSink {
  readonly name = 'database';
  private readonly pool: Pool;
  private isReady = false;

  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: 1, ...patience(TIMEOUT_MS) });
    // A connection that broke while idle is replaced.
    this.pool.on('error', () => undefined);
  }

  async last(): Promise<SignedCheckpoint | null> {
    if (!this.isReady) await this.pool.query(TABLE);
    this.isReady = true;
    const { rows } = await this.pool.query<{ signed: unknown }>(
      'select signed from log_checkpoint order by last desc limit 1',
    );
    return rows[0] ? SignedCheckpoint.parse(rows[0].signed) : null;
  }

  async keep(checkpoint: SignedCheckpoint): Promise<void> {
    await this.pool.query('insert into log_checkpoint (last, signed) values ($1, $2) on conflict do nothing', [
      checkpoint.last,
      JSON.stringify(checkpoint),
    ]);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
