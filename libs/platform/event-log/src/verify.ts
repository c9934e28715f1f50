import type { AccountId } from '@core/contracts/primitives';
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { FIELD, LINE } from './stored-line.ts';

/** Whether the log is what was committed. `position` is the first one that is not, as exactly as can be told. */
export type Verification =
  | { readonly ok: true; readonly events: number; readonly batches: number; readonly digest: string }
  | { readonly ok: false; readonly position: number; readonly why: string };

/** Positions asked for at once; a batch that begins among them comes whole. */
const RANGE = 4_000;

const BATCHES = `
  select b.first, b.last, core.instant(b.recorded_at) as recordedtime, b.producer,
    encode(b.previous_digest, 'hex') as previous, encode(b.digest, 'hex') as digest,
    (select coalesce(string_agg(core.event_line(e), e'\\n' order by e.position), '')
      from core.event e where e.position between b.first and b.last) as lines,
    (select min(e.position) from core.event e left join core.event_identity i on i.event_id = e.event_id
      where e.position between b.first and b.last and i.position is distinct from e.position) as unidentified
  from core.batch b where b.first >= $1 and b.first < $2 order by b.first`;

/** Asked of one moment: a ledger goes on writing. */
const BEYOND = 'select min(position) as position from core.event where position > (select position from core.log_head)';

const LOCATE = `
  select min(e.position) as position from core.batch b
  join core.event e on e.position between b.first and b.last
  where b.first = $1 and hashtextextended(core.event_line(e), 0) is distinct from b.checksums[e.position - b.first + 1]`;

interface StoredBatch {
  readonly first: string;
  readonly last: string;
  readonly recordedtime: string;
  readonly producer: string;
  readonly previous: string;
  readonly digest: string;
  readonly lines: string;
  readonly unidentified: string | null;
}

interface Head {
  readonly position: string;
  readonly digest: string;
}

/** Recomputes the whole log from its first batch on, beside a running ledger. */
export async function verifyLog(pool: Pool): Promise<Verification> {
  const versions = new Map<AccountId, number>();
  const head = await headOf(pool);
  let [position, digest, batches] = [0, '', 0];
  while (position < Number(head.position)) {
    const { rows } = await pool.query<StoredBatch>(BATCHES, [position + 1, position + 1 + RANGE]);
    if (rows.length === 0) return wrong(position + 1, 'no batch holds it');
    for (const batch of rows) {
      const fault = faultOf(batch, position, digest, versions);
      if (fault) return fault.locatable ? locate(pool, batch, fault) : fault;
      position = Number(batch.last);
      digest = batch.digest;
      batches += 1;
      if (position === Number(head.position) && digest !== head.digest)
        return wrong(position, 'the head has another digest');
    }
  }
  const { rows } = await pool.query<{ position: string | null }>(BEYOND);
  const beyond = rows[0]?.position ?? null;
  if (beyond !== null) return wrong(Number(beyond), 'it lies beyond the head');
  return { ok: true, events: position, batches, digest };
}

type Fault = Extract<Verification, { ok: false }> & { readonly locatable: boolean };

const wrong = (position: number, why: string, locatable = false): Fault => ({ ok: false, position, why, locatable });

function faultOf(batch: StoredBatch, after: number, previous: string, versions: Map<AccountId, number>): Fault | null {
  if (Number(batch.first) !== after + 1) return wrong(after + 1, 'no batch holds it');
  if (batch.previous !== previous) return wrong(after + 1, 'its batch does not follow the one before');
  const lines = batch.lines === '' ? [] : batch.lines.split(LINE);
  let position = after;
  for (const line of lines) {
    const [stored, version, recordedtime, , , , account = ''] = line.split(FIELD, 7);
    position += 1;
    if (Number(stored) !== position) return wrong(position, 'it is missing');
    if (Number(version) !== (versions.get(account) ?? 0) + 1) return wrong(position, 'its version does not follow');
    if (recordedtime !== batch.recordedtime) return wrong(position, 'its time is not that of its batch');
    versions.set(account, Number(version));
  }
  if (position !== Number(batch.last)) return wrong(position + 1, 'it is missing');
  if (digestOf(batch) !== batch.digest) return wrong(after + 1, 'its batch is not what was committed', true);
  return batch.unidentified === null ? null : wrong(Number(batch.unidentified), 'its id is not among the known ones');
}

const digestOf = ({ first, last, recordedtime, producer, previous, lines }: StoredBatch): string =>
  createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update([first, last, recordedtime, producer].join(FIELD))
    .update(LINE)
    .update(lines)
    .digest('hex');

/** The digest says that a batch is wrong; the checksums say which of its rows. */
async function locate(pool: Pool, { first, last }: StoredBatch, fault: Fault): Promise<Verification> {
  const { rows } = await pool.query<{ position: string | null }>(LOCATE, [first]);
  const position = rows[0]?.position ?? null;
  return position === null
    ? { ok: false, position: fault.position, why: `${fault.why} (${first} to ${last})` }
    : { ok: false, position: Number(position), why: 'it is not what was committed' };
}

async function headOf(pool: Pool): Promise<Head> {
  const { rows } = await pool.query<Head>(`select position, encode(digest, 'hex') as digest from core.log_head`);
  if (!rows[0]) throw new Error('core.log_head is empty: the log was not migrated');
  return rows[0];
}
