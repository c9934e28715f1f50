import { whyNotNext, type SignedCheckpoint } from '@core/log-proof/checkpoint';
import { batchDigest, flawInOrder, type Flaw, type WalkEnd } from '@core/log-proof/committed-batch';
import { placeOf } from '@core/log-proof/line';
import { leafHash, rootOf } from '@core/log-proof/merkle';
import type { KeyObject } from 'node:crypto';
import type { LogFileHead, SectionHead } from './log-file.ts';

/**
 * Proves sections one after the other, by nothing but themselves and the ledger's public key: every line by the digest of
 * its batch, every batch by the one before it, and all of it by what was signed.
 */
export class SectionProof {
  /** The first position that is proven. */
  readonly from: number;
  private end: WalkEnd;
  private checkpoint: SignedCheckpoint | null;

  constructor(
    before: LogFileHead['before'],
    private readonly publicKey: KeyObject,
  ) {
    this.end = { after: before?.last ?? 0, digest: before?.digest ?? '' };
    this.checkpoint = before;
    this.from = this.end.after + 1;
  }

  /** The last position that is proven. */
  get to(): number {
    return this.end.after;
  }

  /** What was signed of it last. */
  get signed(): SignedCheckpoint | null {
    return this.checkpoint;
  }

  /** Null where all of it is what was committed and signed. */
  next({ batches, checkpoints, first, last }: SectionHead, lines: readonly string[]): Flaw | null {
    let taken = 0;
    for (const batch of batches) {
      const own = lines.slice(taken, taken + batch.last - batch.first + 1);
      const flaw = flawInOrder(batch, own.map(placeOf), this.end);
      if (flaw !== null) return flaw;
      if (batchDigest(batch, own) !== batch.digest) {
        const why = `it, or what follows it up to ${batch.last}, is not what was committed`;
        return { position: batch.first, why };
      }
      taken += own.length;
      this.end = { after: batch.last, digest: batch.digest };
    }
    if (this.end.after !== last || taken !== lines.length)
      return { position: this.end.after + 1, why: 'no batch holds it' };
    const digests = new Map(batches.map((batch) => [batch.last, batch.digest]));
    for (const checkpoint of checkpoints) {
      const why = whyNotNext(checkpoint, this.checkpoint, this.publicKey);
      if (why !== null) return { position: checkpoint.first, why };
      const leaves = lines.slice(checkpoint.first - first, checkpoint.last - first + 1).map(leafHash);
      const isSame =
        leaves.length > 0 &&
        rootOf(leaves).toString('hex') === checkpoint.root &&
        digests.get(checkpoint.last) === checkpoint.digest;
      if (!isSame) return { position: checkpoint.first, why: whyNotSigned(checkpoint) };
      this.checkpoint = checkpoint;
    }
    return this.checkpoint?.last === last ? null : { position: last, why: 'no checkpoint covers it' };
  }
}

/** Of a range that is not what a checkpoint says of it. */
export const whyNotSigned = ({ last, recordedtime }: SignedCheckpoint): string =>
  `it, or what follows it up to ${last}, is not what was signed at ${recordedtime}`;
