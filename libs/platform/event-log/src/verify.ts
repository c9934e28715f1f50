import type { AccountId } from '@core/contracts/primitives';
import { whyNotNext, type SignedCheckpoint } from '@core/log-proof/checkpoint';
import { FIELD, type LinePlace } from '@core/log-proof/line';
import { leafHash, rootOf } from '@core/log-proof/merkle';
import type { KeyObject } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { walkBatches } from './batch-walk.ts';
import { LogFault } from './checked-batch.ts';
import { answersDigest, NO_ANSWERS } from './checkpoint-table.ts';
import { DetachedLog } from './detached/detached-log.ts';
import { detachedRanges, endOf } from './detached/detached-ranges.ts';
import { whyNotSigned } from './detached/section-proof.ts';
import { idIn } from './detached/log-section.ts';
import { ForgottenIds } from './forgotten-ids.ts';
import { readHead } from './log-head.ts';
import { SETTLING, verifyBooks } from './verify-books.ts';

/** Whether the log is what was committed. `position` is the first one that is not, as exactly as can be told. */
export type Verification =
  | {
      readonly ok: true;
      readonly events: number;
      readonly batches: number;
      readonly digest: string;
      /** Up to which position the log is what was signed too; null without checkpoints. */
      readonly signedTo: number | null;
      readonly forgotten: ForgottenTo;
      /** Up to which position it lies in files; 0 where none of it does. */
      readonly detachedTo: number;
    }
  | { readonly ok: false; readonly position: number; readonly why: string };

/** Up to which position retention has forgotten ids of events, and first answers to commands; 0 is none. */
interface ForgottenTo {
  readonly ids: number;
  readonly answers: number;
}

/**
 * Checkpoints that were kept where whoever owns the database does not reach them. Without them a log that was rewritten
 * as a whole, or cut off with its head, looks like one that was committed so.
 */
export interface Witness {
  /** All of them from the first on, in order. */
  readonly checkpoints: readonly SignedCheckpoint[];
  readonly publicKey: KeyObject;
}

export interface VerifyOptions {
  /** Where the parts of it are that lie in files. */
  readonly detached?: DetachedLog;
  readonly witness?: Witness;
  readonly onProgress?: (position: number, head: number) => void;
}

/** Recomputes the whole log from its first batch on, as it stood at one moment, beside a running ledger. */
export async function verifyLog(pool: Pool, options: VerifyOptions = {}): Promise<Verification> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    // Before the moment is taken: nothing that it sees may be detached until all of it is read.
    await client.query('lock table core.event in access share mode');
    return await verifyMoment(client, options);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** The same within a transaction that sees one moment. */
export async function verifyMoment(client: ClientBase, options: VerifyOptions): Promise<Verification> {
  try {
    return await recompute(client, options);
  } catch (error) {
    if (error instanceof LogFault) return { ok: false, position: error.position, why: error.why };
    throw error;
  }
}

async function recompute(
  client: ClientBase,
  { witness, detached = new DetachedLog(undefined), onProgress }: VerifyOptions,
): Promise<Verification> {
  const head = await readHead(client);
  if (witness) requireWitness(witness, head.position);
  const versions = new Map<AccountId, number>();
  const quarantined = new Map<string, number>();
  const forgettable = new Set<string>();
  let known = 0;
  const inFiles = new Map<AccountId, { reached: number; departed: number }>();
  const detachedTo = endOf(await detachedRanges(client));
  const { casesBefore, ...forgotten } = await forgottenTo(client);
  const remembered = await ForgottenIds.load(client, 1);
  const signed = new SignedWalk(client, witness?.checkpoints ?? [], forgotten);
  let [digest, recordedtime, batches] = ['', '-infinity', 0];
  for await (const batch of walkBatches(client, { after: 0, digest, versions }, head.position, detached)) {
    batch.places.forEach((place, index) => {
      const line = batch.lines[index] ?? '';
      const settled = noteCase(quarantined, place, line);
      if (settled !== null && place.recordedtime < casesBefore) forgettable.add(settled);
      if (place.position <= detachedTo) noteDetached(inFiles, place);
      if (place.position <= forgotten.ids && !remembered.mayHave(idIn(line)))
        throw new LogFault(place.position, 'its id was forgotten, and it is not among the forgotten ones');
    });
    await signed.take(batch);
    ({ digest, recordedtime } = batch);
    batches += 1;
    known += batch.known;
    onProgress?.(batch.last, head.position);
  }
  if (digest !== head.digest) throw new LogFault(head.position, 'the head has another digest');
  if (recordedtime !== head.recordedtime) throw new LogFault(head.position, 'the head has another time');
  await verifyBooks(client, {
    head: head.position,
    versions,
    quarantined,
    forgettable,
    detached: inFiles,
    detachedTo,
    known,
  });
  return {
    ok: true,
    events: head.position,
    batches,
    digest,
    signedTo: witness ? signed.to : null,
    forgotten,
    detachedTo,
  };
}

/** Compares what is walked over with what was signed of it. */
class SignedWalk {
  to = 0;
  private leaves: Buffer[] = [];
  private next = 0;

  constructor(
    private readonly client: ClientBase,
    private readonly checkpoints: readonly SignedCheckpoint[],
    private readonly forgotten: ForgottenTo,
  ) {}

  async take({ last, digest, lines }: { last: number; digest: string; lines: readonly string[] }): Promise<void> {
    const checkpoint = this.checkpoints[this.next];
    if (!checkpoint) return;
    for (const line of lines) this.leaves.push(leafHash(line));
    if (last < checkpoint.last) return;
    const isSame = last === checkpoint.last && rootOf(this.leaves).toString('hex') === checkpoint.root;
    if (!isSame || digest !== checkpoint.digest) {
      throw new LogFault(checkpoint.first, whyNotSigned(checkpoint));
    }
    const answers = await answersDigest(this.client, checkpoint);
    // Retention forgets all of a checkpoint's answers or none: what is left of some was altered.
    const isForgotten = last <= this.forgotten.answers && answers === NO_ANSWERS;
    if (!isForgotten && answers !== checkpoint.answers) {
      const why = `what commands were answered up to ${last} is not what was signed at ${checkpoint.recordedtime}`;
      throw new LogFault(checkpoint.first, why);
    }
    this.to = last;
    this.leaves = [];
    this.next += 1;
  }
}

function requireWitness({ checkpoints, publicKey }: Witness, head: number): void {
  let before: SignedCheckpoint | null = null;
  for (const checkpoint of checkpoints) {
    const why = whyNotNext(checkpoint, before, publicKey);
    if (why !== null) throw new LogFault(checkpoint.first, why);
    before = checkpoint;
  }
  if (before === null || before.last <= head) return;
  const gone = head === 0 ? 'the log is empty' : 'the log ends before it';
  throw new LogFault(head + 1, `${gone}, and everything up to ${before.last} was signed at ${before.recordedtime}`);
}

/** Notes a case that the log tells of; gives the one that it says was settled. */
function noteCase(quarantined: Map<string, number>, { position, type }: LinePlace, line: string): string | null {
  const isSettling = SETTLING.some((each) => each === type);
  if (type !== 'MessageQuarantined' && !isSettling) return null;
  const { messageId } = JSON.parse(line.split(FIELD)[11] ?? '{}') as { readonly messageId?: string };
  if (messageId !== undefined && !isSettling) quarantined.set(messageId, position);
  return isSettling ? (messageId ?? null) : null;
}

function noteDetached(
  inFiles: Map<AccountId, { reached: number; departed: number }>,
  { account, version, type }: LinePlace,
): void {
  const noted = inFiles.get(account) ?? { reached: 0, departed: 0 };
  noted.reached = version;
  if (type === 'AccountDeparted') noted.departed = version;
  inFiles.set(account, noted);
}

async function forgottenTo(client: ClientBase): Promise<ForgottenTo & { readonly casesBefore: string }> {
  const { rows } = await client.query<{ ids: string; answers: string; cases: string }>(
    `select ids_to as ids, answers_to as answers,
      case when cases_before = '-infinity' then '' else core.instant(cases_before) end as cases from core.retention`,
  );
  const { ids = '0', answers = '0', cases = '' } = rows[0] ?? {};
  return { ids: Number(ids), answers: Number(answers), casesBefore: cases };
}
