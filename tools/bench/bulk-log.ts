import { anEvent } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import { withClient } from '@core/testing/fresh-database';
import { progressOf } from '../ops/progress.ts';

export const EVENTS_PER_ACCOUNT = 100;
const CHUNK = 100_000;
/** Ids are in the order of the log, as those that are made of the time; accounts come before all of them. */
const ID = (n: string): string => `lpad(to_hex(${n}), 32, '0')::uuid`;

/** The account of that number in a log that was filled here. */
export const filledAccount = (n: number): AccountId => {
  const hex = n.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/**
 * Events as they stand in the log, put there by the server alone: a hundred of each account, as if it had been written
 * in batches of a thousand whose digests are left out, for nobody proves it. A log that can be written on.
 */
export async function bulkLog(url: string, count: number): Promise<void> {
  const data = JSON.stringify(anEvent('PositionOpened').data);
  const progress = progressOf('events in the log');
  await withClient(url, async (client) => {
    await client.query('select core.partition_until($1)', [count + CHUNK]);
    for (let from = 0; from < count; from += CHUNK) {
      await client.query(FILL, [from + 1, Math.min(count, from + CHUNK), count / EVENTS_PER_ACCOUNT, data]);
      progress.at(from + CHUNK, count);
    }
    await client.query(ACCOUNTS, [count / EVENTS_PER_ACCOUNT]);
    await client.query('update core.log_head set position = $1, recorded_at = now()', [count]);
    await client.query('analyze');
  });
  progress.end();
}

/** Accounts in turns: that of an event is its number among them. */
const FILL = `
  with given as (select n, (n - 1) % $3::bigint as account, (n - 1) / $3::bigint + 1 as version
    from generate_series($1::bigint, $2::bigint) n),
  identities as (insert into core.event_identity select ${ID('n + (1::bigint << 40)')}, n from given),
  batches as (insert into core.batch select n - 999, n, now(), 'bench', '', '', '' from given where n % 1000 = 0)
  insert into core.event select n, ${ID('account')}, version, ${ID('n + (1::bigint << 40)')}, 'PositionOpened', 1, now(),
    now(), ${ID('n + (1::bigint << 40)')}, null, 'bench', $4::json from given order by n`;

const ACCOUNTS = `insert into core.account select ${ID('n')} from generate_series(0, $1::bigint - 1) n`;
