import type { AccountId } from '@core/contracts/primitives';
import { LINE, placeOf, type LinePlace } from '@core/log-proof/line';
import type { ClientBase } from 'pg';
import { batchDigest, CHECKSUM_DIGITS, lineChecksum, type BatchDescription } from './batch-digest.ts';

/** A committed batch, recomputed: it follows the one before it and its lines are what its digest says. */
export interface CheckedBatch {
  readonly first: number;
  readonly last: number;
  readonly recordedtime: string;
  /** Who committed it. */
  readonly producer: string;
  readonly digest: string;
  readonly lines: readonly string[];
  /** Of each line. */
  readonly places: readonly LinePlace[];
}

/** The first place at which the log is not what was committed, as exactly as can be told. */
export class LogFault extends Error {
  constructor(
    readonly position: number,
    readonly why: string,
  ) {
    super(`position ${position}: ${why}`);
  }
}

/** Where a walk begins: after a batch with this digest, and the numbers that accounts had reached by then, if known. */
export interface WalkStart {
  readonly after: number;
  readonly digest: string;
  readonly versions?: Map<AccountId, number>;
}

/** Positions asked for at once; a batch that begins among them comes whole. */
const RANGE = 4_000;

const BATCHES = `
  select b.first, b.last, core.instant(b.recorded_at) as recordedtime, b.producer,
    encode(b.previous_digest, 'hex') as previous, encode(b.digest, 'hex') as digest,
    encode(b.checksums, 'hex') as checksums, coalesce(stored.lines, '') as lines, stored.unidentified
  from core.batch b cross join core.retention r cross join lateral (
    select string_agg(l.line, e'\\n' order by l.position) as lines,
      min(l.position) filter (where not l.known) as unidentified
    from (
      select e.position, core.event_line(e) as line,
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
}

/** Recomputes the batches after a place up to the head, in order. Throws `LogFault` at the first that is wrong. */
export async function* walkBatches(
  client: ClientBase,
  { after, digest, versions }: WalkStart,
  head: number,
): AsyncGenerator<CheckedBatch> {
  let [position, previous] = [after, digest];
  while (position < head) {
    const { rows } = await client.query<StoredBatch>(BATCHES, [position + 1, position + 1 + RANGE]);
    if (rows.length === 0) throw new LogFault(position + 1, 'no batch holds it');
    for (const batch of rows) {
      yield checked(batch, position, previous, versions);
      position = Number(batch.last);
      previous = batch.digest;
      if (position >= head) return;
    }
  }
}

function checked(
  batch: StoredBatch,
  after: number,
  previous: string,
  versions: Map<AccountId, number> | undefined,
): CheckedBatch {
  if (Number(batch.first) !== after + 1) throw new LogFault(after + 1, 'no batch holds it');
  if (batch.previous !== previous) throw new LogFault(after + 1, 'its batch does not follow the one before');
  const lines = batch.lines === '' ? [] : batch.lines.split(LINE);
  const places = lines.map(placeOf);
  let position = after;
  for (const { position: stored, version, recordedtime, account } of places) {
    position += 1;
    if (stored !== position) throw new LogFault(position, 'it is missing');
    if (versions && version !== (versions.get(account) ?? 0) + 1) {
      throw new LogFault(position, 'its version does not follow');
    }
    if (recordedtime !== batch.recordedtime) throw new LogFault(position, 'its time is not that of its batch');
    versions?.set(account, version);
  }
  const last = Number(batch.last);
  if (position !== last) throw new LogFault(position + 1, 'it is missing');
  // The digest says that a batch is wrong; the checksums say which of its rows.
  const described: BatchDescription = { ...batch, first: after + 1, last };
  const wrong = altered(lines, batch.checksums);
  if (batchDigest(described, lines) !== batch.digest) {
    if (wrong >= 0) throw new LogFault(after + 1 + wrong, 'it is not what was committed');
    throw new LogFault(after + 1, `its batch is not what was committed (${after + 1} to ${last})`);
  }
  if (wrong >= 0 || batch.checksums.length !== lines.length * CHECKSUM_DIGITS) {
    throw new LogFault(after + 1, 'the checksums of its batch are not those that were committed');
  }
  if (batch.unidentified !== null) {
    throw new LogFault(Number(batch.unidentified), 'its id is not among the known ones');
  }
  const { recordedtime, producer, digest } = batch;
  return { first: after + 1, last, recordedtime, producer, digest, lines, places };
}

/** Which of its lines is not what its checksum says; -1 where all are. */
const altered = (lines: readonly string[], checksums: string): number =>
  lines.findIndex((line, n) => lineChecksum(line) !== checksums.slice(n * CHECKSUM_DIGITS, (n + 1) * CHECKSUM_DIGITS));
