import { AccountId, Instant } from '@core/contracts/primitives';
import { createHash, hash } from 'node:crypto';
import { z } from 'zod';
import { FIELD, LINE, type LinePlace } from './line.ts';

/** Hex digits of a line's checksum. */
const CHECKSUM_DIGITS = 16;

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A batch as it was committed, beside its lines. */
export const CommittedBatch = z.strictObject({
  /** Positions, both inclusive. */
  first: z.int().positive(),
  last: z.int().positive(),
  recordedtime: Instant,
  /** Who committed it. */
  producer: z.string(),
  /** Digest of the batch before; empty of the first. */
  previous: z.union([Digest, z.literal('')]),
  digest: Digest,
  /** One line's after the other: no proof of anything, but they tell which line of a wrong batch it is. */
  checksums: z.string().regex(/^([0-9a-f]{16})*$/),
});
export type CommittedBatch = z.output<typeof CommittedBatch>;

/** The first place at which lines are not what was committed. */
export interface Flaw {
  readonly position: number;
  readonly why: string;
}

/** What a batch says of itself, as far as its digest covers it. */
export type BatchWords = Omit<CommittedBatch, 'digest' | 'checksums'>;

/** SHA-256 in hex, chained to the batch before. */
export function batchDigest(
  { first, last, recordedtime, producer, previous }: BatchWords,
  lines: readonly string[],
): string {
  const digest = createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update([first, last, recordedtime, producer].join(FIELD));
  // One after the other: to join them costs more than to hash them.
  for (const line of lines) digest.update(LINE).update(line);
  return digest.digest('hex');
}

export const lineChecksum = (line: string): string => hash('sha256', line).slice(0, CHECKSUM_DIGITS);

/** The first line that is not what its checksum says. */
const altered = (lines: readonly string[], checksums: string): number =>
  lines.findIndex((line, n) => lineChecksum(line) !== checksums.slice(n * CHECKSUM_DIGITS, (n + 1) * CHECKSUM_DIGITS));

/** Whether lines are what was committed: the digest says that a batch is wrong, the checksums which line of it. */
export function flawInLines({ digest, checksums, ...batch }: CommittedBatch, lines: readonly string[]): Flaw | null {
  const { first, last } = batch;
  const wrong = altered(lines, checksums);
  if (batchDigest(batch, lines) !== digest) {
    if (wrong >= 0) return { position: first + wrong, why: 'it is not what was committed' };
    return { position: first, why: `its batch is not what was committed (${first} to ${last})` };
  }
  const isDescribed = wrong < 0 && checksums.length === lines.length * CHECKSUM_DIGITS;
  return isDescribed ? null : { position: first, why: 'the checksums of its batch are not those that were committed' };
}

/** Where a log has come to: after a position, by the digest of the batch that ends there. */
export interface WalkEnd {
  readonly after: number;
  readonly digest: string;
  /** The numbers that accounts have reached, if known; brought up to date. */
  readonly versions?: Map<AccountId, number>;
}

/** Whether a batch and the places of its lines follow what came before; says nothing of what the lines tell. */
export function flawInOrder(batch: BatchWords, places: readonly LinePlace[], end: WalkEnd): Flaw | null {
  const { after, digest, versions } = end;
  if (batch.first !== after + 1) return { position: after + 1, why: 'no batch holds it' };
  if (batch.previous !== digest) return { position: after + 1, why: 'its batch does not follow the one before' };
  let position = after;
  for (const { position: stored, version, recordedtime, account } of places) {
    position += 1;
    if (stored !== position) return { position, why: 'it is missing' };
    if (versions && version !== (versions.get(account) ?? 0) + 1)
      return { position, why: 'its version does not follow' };
    if (recordedtime !== batch.recordedtime) return { position, why: 'its time is not that of its batch' };
    versions?.set(account, version);
  }
  return position === batch.last ? null : { position: position + 1, why: 'it is missing' };
}
