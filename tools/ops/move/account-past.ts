import type { ImportedAnswer } from '@core/contracts/command';
import { IMPORTED_EVENTS_MAX } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { parseLine } from '@core/event-log/stored-line';
import type { Pool } from 'pg';

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
  where account_id = $1 and version > $2 order by version limit ${IMPORTED_EVENTS_MAX}`;
const ANSWERS = `select command_id as id, position, answer from core.command_answer where command_id = any($1::uuid[])`;
/** Everything of an event but where it stands in its log. */
const CONTENT = `
  select encode(sha256(convert_to(coalesce(string_agg(concat_ws(e'\\x1f', version, event_id, type, schema_version,
    core.instant(occurred_at), correlation_id, coalesce(causation_id::text, ''), producer, data), e'\\n'
    order by version), ''), 'UTF8')), 'hex') as digest
  from core.event where account_id = $1 and version > $2 and version <= $3`;

/** What a log has of an account after a version, as it was stored, whichever build stored it; null where that is all. */
export async function pastAfter(pool: Pool, account: AccountId, version: number): Promise<PastPage | null> {
  const { rows } = await pool.query<{ line: string }>(LINES, [account, version]);
  const lines: string[] = [];
  let bytes = 0;
  for (const { line } of rows) {
    bytes += Buffer.byteLength(line);
    if (lines.length > 0 && bytes > BYTES_MAX) break;
    lines.push(line);
  }
  if (lines.length === 0) return null;
  const events = lines.map(parseLine);
  return { events, answers: await answersTo(pool, events) };
}

/** The first version from which on two logs differ in an account, or null: up to a version both have. */
export async function firstDifference(
  one: Pool,
  other: Pool,
  account: AccountId,
  upTo: number,
): Promise<number | null> {
  for (let after = 0; after < upTo; after += COMPARED) {
    const last = Math.min(upTo, after + COMPARED);
    const [here, there] = await Promise.all(
      [one, other].map((pool) => pool.query<{ digest: string }>(CONTENT, [account, after, last])),
    );
    if (here?.rows[0]?.digest !== there?.rows[0]?.digest) return after + 1;
  }
  return null;
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
