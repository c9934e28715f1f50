// The whole log in a file: an event in each line as it was committed, with the batch that it was committed in.
import type { RecordedEvent } from '@core/contracts/event';
import type { Quarantined } from '@core/event-log/event-log';
import { walkBatches } from '@core/event-log/batch-walk';
import type { CheckedBatch } from '@core/event-log/checked-batch';
import { parseLine } from '@core/event-log/stored-line';
import { readJson } from '@core/kernel/foreign-json';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { OperatedSystem } from './system.ts';

/** The batch of an event: every event of it was committed at once, by one producer, and the digest proves all before it. */
const Committed = z.object({
  first: z.number().int(),
  last: z.number().int(),
  producer: z.string(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What was set aside, beside the event that says so; its body in base64. */
const Case = z.object({
  messageId: z.string(),
  origin: z.string(),
  reason: z.string(),
  detail: z.string(),
  body: z.base64(),
});

/** Of an event only what places it: the rest is judged by the digest. */
const Archived = z.looseObject({
  position: z.number().int().positive(),
  recordedtime: z.string(),
  committed: Committed,
  case: Case.optional(),
});

/** One line of an archive. */
export interface ArchivedEvent {
  readonly event: RecordedEvent;
  readonly committed: z.output<typeof Committed>;
  readonly case: Quarantined | null;
}

/** Null for what is no line of an archive. */
export function readArchived(line: string): ArchivedEvent | null {
  const read = Archived.safeParse(readJson(line));
  if (!read.success) return null;
  const { committed, case: aside, ...stored } = read.data;
  const event: unknown = stored;
  const quarantined = aside && { ...aside, body: Buffer.from(aside.body, 'base64') };
  return {
    event: event as RecordedEvent,
    committed,
    case: (quarantined as Quarantined | undefined) ?? null,
  };
}

/** Where an archive that was cut short may be gone on with: at the end of a batch. */
export function endOfBatch(line: string): number | null {
  const archived = readArchived(line);
  return archived && archived.event.position === archived.committed.last ? archived.event.position : null;
}

/** The lines of the log after a batch, batch by batch; each is checked against its digest on the way. */
export async function* archiveLines(
  { pool, log }: Pick<OperatedSystem, 'pool' | 'log'>,
  after: { readonly after: number; readonly digest: string },
  head: number,
): AsyncGenerator<{ readonly last: number; readonly lines: readonly string[] }> {
  const client = await pool.connect();
  try {
    for await (const batch of walkBatches(client, after, head, log.detached)) {
      const events = batch.lines.map(parseLine);
      const cases = await casesOf(pool, events);
      yield { last: batch.last, lines: events.map((event) => archiveLine(event, batch, cases)) };
    }
  } finally {
    client.release();
  }
}

function archiveLine(
  event: RecordedEvent,
  { first, last, producer, digest }: CheckedBatch,
  cases: ReadonlyMap<string, object>,
): string {
  const aside = event.type === 'MessageQuarantined' ? cases.get(event.data.messageId) : undefined;
  return JSON.stringify({ ...event, committed: { first, last, producer, digest }, ...(aside && { case: aside }) });
}

async function casesOf(pool: Pool, events: readonly RecordedEvent[]): Promise<ReadonlyMap<string, object>> {
  const ids = events.flatMap((event) => (event.type === 'MessageQuarantined' ? [event.data.messageId] : []));
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<{ messageId: string }>(
    `select message_id as "messageId", origin, reason, detail, encode(body, 'base64') as body
     from core.quarantine where message_id = any($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.messageId, row]));
}
