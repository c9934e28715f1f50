import { flawInLines, flawInOrder, type CommittedBatch, type WalkEnd } from '@core/log-proof/committed-batch';
import { placeOf } from '@core/log-proof/line';
import { isDeepStrictEqual } from 'node:util';
import { endWith, faultOf, LogFault, type CheckedBatch } from '../checked-batch.ts';
import type { DetachedLog } from './detached-log.ts';
import { detachedRanges, type Queryable, type DetachedRange } from './detached-ranges.ts';
import { LogFile, LogFileFault, type ReadSection } from './log-file-reader.ts';
import { idIn, linePosition } from './log-section.ts';

const BATCHES = `
  select first, last, core.instant(recorded_at) as recordedtime, producer,
    encode(previous_digest, 'hex') as previous, encode(digest, 'hex') as digest, encode(checksums, 'hex') as checksums
  from core.batch where first > $1 and first <= $2 order by first`;
const KNOWN = 'select event_id as id, position from core.event_identity where event_id = any($1::uuid[])';
const FORGOTTEN = 'select ids_to as position from core.retention';

/** The batches that begin after a position, up to another, as the database keeps them. */
export async function committedBatches(database: Queryable, after: number, upTo: number): Promise<CommittedBatch[]> {
  const { rows } = await database.query<CommittedBatch & { first: string; last: string }>(BATCHES, [after, upTo]);
  return rows.map((row) => ({ ...row, first: Number(row.first), last: Number(row.last) }));
}

/** Recomputes what lies in files after a place, against the batches that the database keeps of it. */
export async function* walkDetached(
  database: Queryable,
  detached: DetachedLog,
  start: WalkEnd,
): AsyncGenerator<CheckedBatch> {
  let end = start;
  for (const range of await detachedRanges(database)) {
    if (range.last <= end.after) continue;
    if (range.first > end.after + 1) throw new LogFault(end.after + 1, 'no file holds it');
    const file = await rightFile(detached, range);
    for (const index of file.index.sections) {
      if (index.last <= end.after) continue;
      const section = await orFault(index.first, () => file.section(index));
      for await (const batch of checkedSection(database, section, end)) {
        yield batch;
        end = endWith(batch, end);
      }
    }
    if ((await orFault(range.first, () => file.sha256())) !== range.sha256)
      throw new LogFault(range.first, `${file.path} is not the copy that was proven: its index may mislead`);
  }
}

async function rightFile(detached: DetachedLog, range: DetachedRange): Promise<LogFile> {
  const { first, last } = range;
  const file = await orFault(first, () => LogFile.open(detached.pathOf(range)));
  const { head } = file;
  if (head.first !== first || head.last !== last)
    throw new LogFault(
      first,
      `${file.path} holds positions ${head.first} to ${head.last}, and not ${first} to ${last}`,
    );
  return file;
}

/** A file that cannot be read is a fault of the log from the first position on that is to be read there. */
async function orFault<Result>(position: number, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LogFileFault) throw new LogFault(position, error.message);
    throw error;
  }
}

async function* checkedSection(
  database: Queryable,
  { head, lines: all }: ReadSection,
  start: WalkEnd,
): AsyncGenerator<CheckedBatch> {
  let end = start;
  const stored = await committedBatches(database, end.after, head.last);
  const identities = await identitiesOf(database, all);
  const said = new Map(head.batches.map((batch) => [batch.first, batch]));
  let taken = all.findIndex((line) => linePosition(line) > start.after);
  for (const batch of stored) {
    const lines: string[] = [];
    for (
      let line: string | undefined;
      (line = all[taken]) !== undefined && linePosition(line) <= batch.last;
      taken += 1
    )
      lines.push(line);
    const places = lines.map(placeOf);
    const flaw = flawInOrder(batch, places, end) ?? flawInLines(batch, lines);
    if (flaw !== null) throw faultOf(flaw);
    if (!isDeepStrictEqual(said.get(batch.first), batch))
      throw new LogFault(batch.first, 'the checksums of its batch are not those that were committed');
    const { first, last, recordedtime, producer, digest } = batch;
    const unidentified = lines.find((line) => !identities.isRight(line));
    if (unidentified !== undefined)
      throw new LogFault(linePosition(unidentified), 'its id is not among the known ones');
    const known = lines.filter((line) => identities.known.has(idIn(line))).length;
    const checked = { first, last, recordedtime, producer, digest, lines, places, known };
    yield checked;
    end = endWith(checked, end);
  }
  if (end.after < head.last) throw new LogFault(end.after + 1, 'no batch holds it');
}

interface Identities {
  readonly known: ReadonlyMap<string, number>;
  /** Known where it stands, or forgotten by retention. */
  readonly isRight: (line: string) => boolean;
}

async function identitiesOf(database: Queryable, lines: readonly string[]): Promise<Identities> {
  const { rows } = await database.query<{ id: string; position: string }>(KNOWN, [lines.map(idIn)]);
  const { rows: forgotten } = await database.query<{ position: string }>(FORGOTTEN);
  const known = new Map(rows.map(({ id, position }) => [id, Number(position)]));
  const forgottenTo = Number(forgotten[0]?.position ?? 0);
  return {
    known,
    isRight(line) {
      const place = known.get(idIn(line));
      return place === undefined ? linePosition(line) <= forgottenTo : place === linePosition(line);
    },
  };
}
