import { flawInLines, flawInOrder, type WalkEnd } from '@core/log-proof/committed-batch';
import { LINE, placeOf } from '@core/log-proof/line';
import type { ClientBase } from 'pg';
import { endWith, faultOf, LogFault, type CheckedBatch } from './checked-batch.ts';
import { DetachedLog } from './detached/detached-log.ts';
import { walkDetached } from './detached/detached-walk.ts';

/** Positions asked for at once; a batch that begins among them comes whole. */
const RANGE = 4_000;

const BATCHES = `
  select b.first, b.last, core.instant(b.recorded_at) as recordedtime, b.producer,
    encode(b.previous_digest, 'hex') as previous, encode(b.digest, 'hex') as digest,
    encode(b.checksums, 'hex') as checksums, coalesce(stored.lines, '') as lines, stored.unidentified, stored.known,
    (select coalesce(max(last), 0) from core.detached) as "detachedTo"
  from core.batch b cross join core.retention r cross join lateral (
    select string_agg(l.line, e'\\n' order by l.position) as lines,
      min(l.position) filter (where not l.known) as unidentified, count(l.identified) as known
    from (
      select e.position, core.event_line(e) as line, i.position as identified,
        coalesce(i.position, case when e.position <= r.ids_to then e.position end) is not distinct from e.position as known
      from core.event e left join core.event_identity i on i.event_id = e.event_id
      where e.position between b.first and b.last
    ) l
  ) stored
  where b.first >= $1 and b.first < $2 order by b.first`;

interface StoredBatch {
  readonly first: string;
  readonly last: string;
  readonly recordedtime: string;
  readonly producer: string;
  readonly previous: string;
  readonly digest: string;
  readonly checksums: string;
  readonly lines: string;
  readonly unidentified: string | null;
  readonly known: string;
  /** When it was asked for. */
  readonly detachedTo: string;
}

/** Recomputes the batches after a place up to the head, in order. Throws `LogFault` at the first that is wrong. */
export async function* walkBatches(
  client: ClientBase,
  start: WalkEnd,
  head: number,
  detached = new DetachedLog(undefined),
): AsyncGenerator<CheckedBatch> {
  let end = start;
  while (end.after < head) {
    const { rows } = await client.query<StoredBatch>(BATCHES, [end.after + 1, end.after + 1 + RANGE]);
    if (rows.length === 0) throw new LogFault(end.after + 1, 'no batch holds it');
    const isDetached = end.after < Number(rows[0]?.detachedTo);
    for await (const batch of isDetached ? walkDetached(client, detached, end) : checkedAll(rows, end)) {
      yield batch;
      end = endWith(batch, end);
      if (end.after >= head) return;
    }
  }
}

function* checkedAll(rows: readonly StoredBatch[], start: WalkEnd): Generator<CheckedBatch> {
  let end = start;
  for (const row of rows) {
    const batch = checked(row, end);
    yield batch;
    end = endWith(batch, end);
  }
}

function checked(row: StoredBatch, end: WalkEnd): CheckedBatch {
  const { recordedtime, producer, previous, digest, checksums, unidentified } = row;
  const [first, last] = [Number(row.first), Number(row.last)];
  const batch = { first, last, recordedtime, producer, previous, digest, checksums };
  const lines = row.lines === '' ? [] : row.lines.split(LINE);
  const places = lines.map(placeOf);
  const flaw = flawInOrder(batch, places, end) ?? flawInLines(batch, lines);
  if (flaw !== null) throw faultOf(flaw);
  if (unidentified !== null) throw new LogFault(Number(unidentified), 'its id is not among the known ones');
  return { first, last, recordedtime, producer, digest, lines, places, known: Number(row.known) };
}
