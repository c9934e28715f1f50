import type { AccountId } from '@core/contracts/primitives';
import { isUnmigrated } from '@core/service/unmigrated';
import type { Pool } from 'pg';

/** What services keep of an account beside the log, and takes its place in the other cell. */
interface Carried {
  readonly table: string;
  /** Of what is given here, as JSON, into the table. */
  readonly put: string;
}

/** In this order: a row of paper books refers to its account. */
const CARRIED: readonly Carried[] = [
  {
    table: 'paper_connector.account',
    put: `insert into paper_connector.account
      select * from json_populate_recordset(null::paper_connector.account, $1)
      on conflict (account_id) do update set version = excluded.version, state = excluded.state
      where paper_connector.account.version < excluded.version`,
  },
  {
    table: 'paper_connector.history',
    put: `insert into paper_connector.history
      select * from json_populate_recordset(null::paper_connector.history, $1) on conflict do nothing`,
  },
  {
    table: 'proquant_webhook.delivery',
    put: `insert into proquant_webhook.delivery as known overriding user value
      select * from json_populate_recordset(null::proquant_webhook.delivery, $1)
      on conflict (id) do update set
        deliveries = greatest(known.deliveries, excluded.deliveries), replays = greatest(known.replays, excluded.replays),
        state = excluded.state, status = excluded.status, verdict = excluded.verdict, detail = excluded.detail,
        answered_at = excluded.answered_at
      where known.state = 'pending'`,
  },
];

const ROWS_MAX = 1_000;

/** Takes it over, all of it; the same again changes nothing. What a cell has no table of, nobody kept there. */
export async function carryRows(from: Pool, into: Pool, account: AccountId): Promise<void> {
  for (const { table, put } of CARRIED) {
    const rows = await rowsOf(from, table, account);
    for (let at = 0; at < rows.length; at += ROWS_MAX)
      await into.query(put, [JSON.stringify(rows.slice(at, at + ROWS_MAX))]);
  }
}

async function rowsOf(pool: Pool, table: string, account: AccountId): Promise<unknown[]> {
  try {
    const { rows } = await pool.query<{ row: unknown }>(
      `select row_to_json(kept) as row from ${table} kept where account_id = $1`,
      [account],
    );
    return rows.map(({ row }) => row);
  } catch (error) {
    if (isUnmigrated(error)) return [];
    throw error;
  }
}
