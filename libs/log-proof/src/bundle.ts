import { AccountId } from '@core/contracts/primitives';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { SignedCheckpoint, whyNotNext } from './checkpoint.ts';
import { placeOf } from './line.ts';
import { leafHash, rootThrough } from './merkle.ts';

/**
 * One account's events with what proves that they stand in the log: for whoever has the ledger's public key, and
 * neither the log nor its other events.
 */
export const ProofBundle = z.strictObject({
  format: z.literal('trading-core bundle 1'),
  account: AccountId,
  /** All of them from the first on, so that none of a range can have been signed twice. */
  checkpoints: z.array(SignedCheckpoint),
  events: z.array(
    z.strictObject({
      /** As the log stores it. */
      line: z.string(),
      /** `pathOf` it within its checkpoint, in hex. */
      path: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
    }),
  ),
});
export type ProofBundle = z.output<typeof ProofBundle>;

/** `versions` are the account's own numbers of its first and last event: between them none is missing. */
export type BundleVerdict =
  | { readonly ok: true; readonly events: number; readonly versions: readonly [number, number]; readonly until: string }
  | { readonly ok: false; readonly why: string };

/** Whether a bundle proves what it holds. Needs nothing but the bundle and the key. */
export function verifyBundle({ account, checkpoints, events }: ProofBundle, publicKey: KeyObject): BundleVerdict {
  let before: SignedCheckpoint | null = null;
  for (const checkpoint of checkpoints) {
    const why = whyNotNext(checkpoint, before, publicKey);
    if (why) return { ok: false, why: `position ${checkpoint.first}: ${why}` };
    before = checkpoint;
  }
  const versions: number[] = [];
  for (const { line, path } of events) {
    const { position, version, account: subject } = placeOf(line);
    const last = versions.at(-1);
    if (subject !== account) return { ok: false, why: `position ${position} is of another account` };
    if (last !== undefined && version !== last + 1) return { ok: false, why: `version ${last + 1} is missing` };
    const range = checkpoints.find((each) => each.first <= position && position <= each.last);
    if (!range) return { ok: false, why: `position ${position}: no checkpoint covers it` };
    const hashes = path.map((hash) => Buffer.from(hash, 'hex'));
    const root = rootThrough(leafHash(line), position - range.first, range.last - range.first + 1, hashes);
    if (root?.toString('hex') !== range.root) {
      return { ok: false, why: `position ${position} is not what was signed at ${range.recordedtime}` };
    }
    versions.push(version);
  }
  const [first, until] = [versions[0], before?.recordedtime];
  if (first === undefined || until === undefined) return { ok: false, why: 'it holds no events' };
  return { ok: true, events: versions.length, versions: [first, versions.at(-1) ?? first], until };
}
