import { FIELD, LINE } from '@core/log-proof/line';
import { createHash, hash } from 'node:crypto';

/** What a batch says of itself beside its lines. */
export interface BatchDescription {
  readonly first: number;
  readonly last: number;
  readonly recordedtime: string;
  /** Who committed it. */
  readonly producer: string;
  /** Digest of the batch before it in hex; empty before the first. */
  readonly previous: string;
}

/** SHA-256 in hex of a committed batch, chained to the one before it. */
export function batchDigest(
  { first, last, recordedtime, producer, previous }: BatchDescription,
  lines: readonly string[],
): string {
  const digest = createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update([first, last, recordedtime, producer].join(FIELD));
  // One after the other: to join them costs more than to hash them.
  for (const line of lines) digest.update(LINE).update(line);
  return digest.digest('hex');
}

/** Hex digits of a line's checksum. */
export const CHECKSUM_DIGITS = 16;

/** No proof of anything: it tells which line of a wrong batch it is. */
export const lineChecksum = (line: string): string => hash('sha256', line).slice(0, CHECKSUM_DIGITS);
