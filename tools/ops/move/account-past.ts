import type { ImportedAnswer } from '@core/contracts/command';
import { IMPORTED_EVENTS_MAX } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { parseLine } from '@core/event-log/stored-line';
import { whileNothingMoves } from '@core/event-log/detached/detached-ranges';
import { FIELD, LINE, placeOf } from '@core/log-proof/line';
import type { Pool } from 'pg';
import type { OperatedSystem } from '../system.ts';

/** Where a log is kept: its table, and what reads its files. */
type Kept = Pick<OperatedSystem, 'pool' | 'log'>;

/** A part of an account's past, as one command brings it to another log. */
export interface PastPage {
  readonly events: readonly RecordedEvent[];
  readonly answers: readonly ImportedAnswer[];
}

/** Of the lines of one page: with the answers it stays below what NATS takes in one message. */
const BYTES_MAX = 400_000;
/** Versions that are compared at once. */
const COMPARED = 5_000;

const LINES = `select core.event_line(e) as line from core.event e
  where account_id = $1 and version > $2 order by version limit $3`;
const ANSWERS = `select command_id as id, position, answer from core.command_answer where command_id = any($1::uuid[])`;
/** What a log has of an account after a version, as it was stored, whichever build stored it; null where that is all. */
export async function pastAfter(system: Kept, account: AccountId, version: number): Promise<PastPage | null> {
  const lines: string[] = [];
  let bytes = 0;
  for (const line of await linesAfter(system, account, version, IMPORTED_EVENTS_MAX)) {
    bytes += Buffer.byteLength(line);
    if (lines.length > 0 && bytes > BYTES_MAX) break;
    lines.push(line);
  }
  if (lines.length === 0) return null;
  const events = lines.map(parseLine);
  return { events, answers: await answersTo(system.pool, events) };
}

/** The first version from which on two logs differ in an account, or null: up to a version both have. */
export async function firstDifference(
  one: Kept,
  other: Kept,
  account: AccountId,
  upTo: number,
): Promise<number | null> {
  for (let after = 0; after < upTo; after += COMPARED) {
    const count = Math.min(upTo - after, COMPARED);
    const [here, there] = await Promise.all([one, other].map((system) => linesAfter(system, account, after, count)));
    if (here?.map(contentOf).join(LINE) !== there?.map(contentOf).join(LINE)) return after + 1;
  }
  return null;
}

/** Everything of an event but where and when it was put into its log. */
const contentOf = (line: string): string => {
  const [, version, , ...content] = line.split(FIELD);
  return [version, ...content].join(FIELD);
};

/** An account's lines after a version, so many at most: out of files what is no longer in the table. */
async function linesAfter(
  { pool, log }: Kept,
  account: AccountId,
  version: number,
  count: number,
): Promise<readonly string[]> {
  return whileNothingMoves(pool, async (ranges) => {
    const { rows } = await pool.query<{ line: string }>(LINES, [account, version, count]);
    const inTable = rows.map(({ line }) => line);
    const lines: string[] = [];
    const first = placeOf(inTable[0] ?? '').version;
    if (first !== version + 1) {
      for await (const page of log.detached.ofAccount(ranges, account, version)) {
        lines.push(...page.filter((line) => placeOf(line).version < (first || Infinity)));
        if (lines.length >= count) break;
      }
    }
    return [...lines, ...inTable].slice(0, count);
  });
}

type StoredAnswer = ImportedAnswer['answer'] & { readonly content?: Uuid | null };

/**
 * The first answers to the commands that led to these events, each with the last of its own. What a command led to
 * nothing for is decided anew where it is asked again.
 */
async function answersTo(pool: Pool, events: readonly RecordedEvent[]): Promise<ImportedAnswer[]> {
  const causes = [...new Set(events.flatMap(({ causationid }) => causationid ?? []))];
  const { rows } = await pool.query<{ id: Uuid; answer: StoredAnswer }>(ANSWERS, [causes]);
  const ids = new Set(events.map(({ id }) => id));
  return rows.flatMap(({ id: commandid, answer: { content = null, ...answer } }) => {
    const last = answer.ok ? answer.eventIds.at(-1) : undefined;
    if (last !== undefined && !ids.has(last)) return [];
    return [{ commandid, content, answer: answer.ok ? { ...answer, position: 0 } : answer }];
  });
}
