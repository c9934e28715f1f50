import type { AccountId } from '@core/contracts/primitives';
import type { ProofBundle } from '@core/log-proof/bundle';
import { LINE, placeOf } from '@core/log-proof/line';
import { leafHash, pathOf } from '@core/log-proof/merkle';
import type { Pool } from 'pg';
import type { SignedCheckpoint } from '@core/log-proof/checkpoint';
import { checkpointsAfter } from './checkpoint-table.ts';
import type { DetachedLog } from './detached/detached-log.ts';
import { endOf, whileNothingMoves, type DetachedRange } from './detached/detached-ranges.ts';
import { linePosition } from './detached/log-section.ts';

const RANGE_LINES = `select coalesce(string_agg(core.event_line(e), e'\\n' order by position), '') as lines
  from core.event e where position between $1 and $2`;
const POSITIONS = `select position from core.event
  where account_id = $1 and position > $2 and position <= $3 order by position`;

/** An account's events so far as they are signed, with what proves each. Reads the whole ranges in which it has any. */
export async function readBundle(pool: Pool, detached: DetachedLog, account: AccountId): Promise<ProofBundle> {
  const checkpoints = await signedIn(pool);
  return whileNothingMoves(pool, async (ranges) => {
    const positions = await positionsOf(pool, detached, ranges, account, checkpoints.at(-1)?.last ?? 0);
    const events: ProofBundle['events'] = [];
    let next = 0;
    for (const { first, last } of checkpoints) {
      if ((positions[next] ?? Infinity) > last) continue;
      const lines = await linesOf(pool, detached, ranges, first, last);
      const leaves = lines.map(leafHash);
      for (; (positions[next] ?? Infinity) <= last; next += 1) {
        const index = (positions[next] ?? 0) - first;
        const line = lines[index] ?? '';
        if (placeOf(line).account !== account) throw new Error(`position ${index + first} is not where it should be`);
        events.push({ line, path: pathOf(leaves, index).map((hash) => hash.toString('hex')) });
      }
    }
    return { format: 'trading-core bundle 1', account, checkpoints, events };
  });
}

async function signedIn(pool: Pool): Promise<SignedCheckpoint[]> {
  const client = await pool.connect();
  try {
    return await checkpointsAfter(client, 0);
  } finally {
    client.release();
  }
}

async function positionsOf(
  pool: Pool,
  detached: DetachedLog,
  ranges: readonly DetachedRange[],
  account: AccountId,
  signedTo: number,
): Promise<number[]> {
  const positions: number[] = [];
  for await (const lines of detached.ofAccount(ranges, account)) positions.push(...lines.map(linePosition));
  const { rows } = await pool.query<{ position: string }>(POSITIONS, [account, endOf(ranges), signedTo]);
  return [...positions, ...rows.map(({ position }) => Number(position))];
}

/** Of a checkpoint: a file ends where one ends. */
async function linesOf(
  pool: Pool,
  detached: DetachedLog,
  ranges: readonly DetachedRange[],
  first: number,
  last: number,
): Promise<string[]> {
  if (last > endOf(ranges)) {
    const { rows } = await pool.query<{ lines: string }>(RANGE_LINES, [first, last]);
    return (rows[0]?.lines ?? '').split(LINE);
  }
  const lines: string[] = [];
  for await (const page of detached.lines(ranges, first - 1, last)) lines.push(...page);
  return lines;
}
