import { Instant } from '@core/contracts/primitives';
import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Place = z.int().positive();

/** What the ledger signs of a range of the log once it is committed. Ranges follow each other without a hole. */
export const LogCheckpoint = z.strictObject({
  /** Positions, both inclusive; `last` ends a committed batch. */
  first: Place,
  last: Place,
  /** When the last of it was recorded. */
  recordedtime: Instant,
  /** Merkle root over the stored lines, in the order of their positions. */
  root: Hash,
  /** Of the batch that ends at `last`; it covers every batch before it. */
  digest: Hash,
  /** SHA-256 of what commands were answered first while the log stood from `first` - 1 to before `last`. */
  answers: Hash,
  /** `checkpointHash` the checkpoint before this one; null of the first. */
  previous: Hash.nullable(),
});
export type LogCheckpoint = z.output<typeof LogCheckpoint>;

export const SignedCheckpoint = LogCheckpoint.extend({
  /** Ed25519 over `textOf` the rest, in base64. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
});
export type SignedCheckpoint = z.output<typeof SignedCheckpoint>;

/** The bytes that are signed: a line each, as a person would check them by hand. */
const textOf = ({ first, last, recordedtime, root, digest, answers, previous }: LogCheckpoint): Buffer =>
  Buffer.from(
    [
      'trading-core checkpoint 1',
      `positions ${first} to ${last}`,
      `recorded ${recordedtime}`,
      `root ${root}`,
      `digest ${digest}`,
      `answers ${answers}`,
      `previous ${previous ?? 'none'}`,
      '',
    ].join('\n'),
  );

export const checkpointHash = (checkpoint: LogCheckpoint): string =>
  createHash('sha256').update(textOf(checkpoint)).digest('hex');

export const signed = (checkpoint: LogCheckpoint, privateKey: KeyObject): SignedCheckpoint => ({
  ...checkpoint,
  signature: sign(null, textOf(checkpoint), privateKey).toString('base64'),
});

/** Why a checkpoint is not to be believed, or does not follow the one before it; null where all is well. */
export function whyNotNext(
  { signature, ...checkpoint }: SignedCheckpoint,
  before: SignedCheckpoint | null,
  publicKey: KeyObject,
): string | null {
  if (!verify(null, textOf(checkpoint), publicKey, Buffer.from(signature, 'base64'))) {
    return 'its checkpoint is not signed by this key';
  }
  if (checkpoint.first > checkpoint.last) return 'its checkpoint ends before it begins';
  if (checkpoint.first !== (before?.last ?? 0) + 1) return 'no checkpoint covers it';
  if (checkpoint.previous !== (before === null ? null : checkpointHash(before))) {
    return 'its checkpoint does not follow the one before';
  }
  return null;
}
