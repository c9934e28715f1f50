import { AccountId, Instant } from '@core/contracts/primitives';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FIELD, LINE, type LinePlace } from './line.ts';

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
  /** One for each line, as the database computes it: no proof of anything, but it tells which line of a wrong batch it is. */
  checksums: z.array(z.string().regex(/^-?\d{1,20}$/)),
});
export type CommittedBatch = z.output<typeof CommittedBatch>;

/** The first place at which lines are not what was committed. */
export interface Flaw {
  readonly position: number;
  readonly why: string;
}

/** What a batch says of itself, as far as its digest covers it. */
export type BatchWords = Omit<CommittedBatch, 'digest' | 'checksums'>;

export const batchDigest = ({ first, last, recordedtime, producer, previous }: BatchWords, lines: string): string =>
  createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update([first, last, recordedtime, producer].join(FIELD))
    .update(LINE)
    .update(lines)
    .digest('hex');

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
