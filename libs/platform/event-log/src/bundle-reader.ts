import type { AccountId } from '@core/contracts/primitives';
import type { ProofBundle } from '@core/log-proof/bundle';
import { LINE, placeOf } from '@core/log-proof/line';
import { leafHash, pathOf } from '@core/log-proof/merkle';
import type { Pool } from 'pg';
import { checkpointsAfter } from './checkpoint-table.ts';

const RANGE_LINES = `select coalesce(string_agg(core.event_line(e), e'\\n' order by position), '') as lines
  from core.event e where position between $1 and $2`;
const POSITIONS = 'select position from core.event where account_id = $1 and position <= $2 order by position';

/** An account's events so far as they are signed, with what proves each. Reads the whole ranges in which it has any. */
export async function readBundle(pool: Pool, account: AccountId): Promise<ProofBundle> {
  const client = await pool.connect();
  try {
    const checkpoints = await checkpointsAfter(client, 0);
    const signedTo = checkpoints.at(-1)?.last ?? 0;
    const { rows } = await client.query<{ position: string }>(POSITIONS, [account, signedTo]);
    const positions = rows.map(({ position }) => Number(position));
    const events: ProofBundle['events'] = [];
    let next = 0;
    for (const { first, last } of checkpoints) {
      if ((positions[next] ?? Infinity) > last) continue;
      const range = await client.query<{ lines: string }>(RANGE_LINES, [first, last]);
      const lines = (range.rows[0]?.lines ?? '').split(LINE);
      const leaves = lines.map(leafHash);
      for (; (positions[next] ?? Infinity) <= last; next += 1) {
        const index = (positions[next] ?? 0) - first;
        const line = lines[index] ?? '';
        if (placeOf(line).account !== account) throw new Error(`position ${index + first} is not where it should be`);
        events.push({ line, path: pathOf(leaves, index).map((hash) => hash.toString('hex')) });
      }
    }
    return { format: 'trading-core bundle 1', account, checkpoints, events };
  } finally {
    client.release();
  }
}
