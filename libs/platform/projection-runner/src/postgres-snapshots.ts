import { FIELD } from '@core/log-proof/line';
import { unpackColumn, withPacked } from '@core/service/packed-column';
import { textColumns } from '@core/service/text-columns';
import type { Pool } from 'pg';
import { OLD_BUILDS_KEPT } from './old-builds.ts';
import type { Checkpoint, SavedState, Snapshot, SnapshotKey, SnapshotStore } from './snapshots.ts';
import { inTransaction } from './transaction.ts';

/** Snapshots in the schema of whoever keeps them; run `migrateProjections` first. */
export class PostgresSnapshots implements SnapshotStore {
  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
  ) {}

  async load({ name, version }: SnapshotKey): Promise<Snapshot | null> {
    return inTransaction(this.pool, async (client) => {
      // One moment of the database, so that the checkpoint is not newer than the states.
      await client.query('set transaction isolation level repeatable read, read only');
      const checkpoint = await client.query<{ position: string }>(
        `select position from ${this.schema}.checkpoint where name = $1 and version = $2`,
        [name, version],
      );
      const found = checkpoint.rows[0];
      if (!found) return null;
      const states = await client.query<{ account: string; position: string; state: Buffer }>(
        `select account_id as account, position, state
         from ${this.schema}.snapshot where name = $1 and version = $2`,
        [name, version],
      );
      return {
        checkpoint: Number(found.position),
        states: states.rows.map(({ account, position, state }) => ({
          account,
          position: Number(position),
          text: () => unpackColumn(state),
        })),
      };
    });
  }

  async save(states: readonly (SnapshotKey & SavedState)[], checkpoint: Checkpoint | null): Promise<void> {
    // One order for all writers, so that two of them cannot wait for each other.
    const sorted = states.toSorted((left, right) => (rowKey(left) < rowKey(right) ? -1 : 1));
    const rows = await withPacked(sorted, 'state');
    await inTransaction(this.pool, async (client) => {
      await client.query(
        `insert into ${this.schema}.snapshot (name, version, account_id, position, state)
         select name, version::int, account::uuid, position::bigint, decode(state, 'base64')
         from rows from (string_to_table($1, $6), string_to_table($2, $6), string_to_table($3, $6),
           string_to_table($4, $6), string_to_table($5, $6)) as saved(name, version, account, position, state)
         on conflict (name, version, account_id) do update
           set position = excluded.position, state = excluded.state, saved_at = now()
           where snapshot.position < excluded.position`,
        [...textColumns(rows, COLUMNS), FIELD],
      );
      for (const { name, version } of checkpoint?.keys.toSorted((a, b) => (a.name < b.name ? -1 : 1)) ?? []) {
        await client.query(
          `insert into ${this.schema}.checkpoint (name, version, position) values ($1, $2, $3)
           on conflict (name, version) do update
             set position = greatest(checkpoint.position, excluded.position), saved_at = now()`,
          [name, version, checkpoint?.position],
        );
        await client.query(
          `with old as (
             delete from ${this.schema}.checkpoint
             where name = $1 and version < $2 and saved_at < now() - $3::interval returning version
           )
           delete from ${this.schema}.snapshot where name = $1 and version in (select version from old)`,
          [name, version, OLD_BUILDS_KEPT],
        );
      }
    });
  }

  async drop({ name, version }: SnapshotKey): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query(`delete from ${this.schema}.snapshot where name = $1 and version = $2`, [name, version]);
      await client.query(`delete from ${this.schema}.checkpoint where name = $1 and version = $2`, [name, version]);
    });
  }
}

const COLUMNS = ['name', 'version', 'account', 'position', 'state'] as const;

const rowKey = ({ name, version, account }: SnapshotKey & SavedState): string => `${name}|${version}|${account}`;
