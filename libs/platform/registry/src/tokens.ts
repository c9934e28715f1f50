import { withCell } from '@core/contracts/cell';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new random secret of 256 bits, for URLs and headers. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** The same, as a cell gives it out. */
export const givenSecret = (cell: string): string => withCell(cell, newSecret());

/** Random secrets are stored as their SHA-256: nothing to guess, so nothing slow is needed. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');

/** Tells one hash from the others of its owner, where the hash itself is nobody's business. */
export const fingerprintOf = (hash: string): string => hash.slice(0, 16);

/** Whether a secret is the one behind any of the hashes; takes the same time wherever they differ. */
export const matchesAny = (secret: string, hashes: readonly string[]): boolean => isAnyHash(hashOf(secret), hashes);

/** The same of the hash of a secret. */
export function isAnyHash(hashOfSecret: string, hashes: readonly string[]): boolean {
  const hash = Buffer.from(hashOfSecret);
  let found = false;
  for (const each of hashes)
    found = timingSafeEqual(hash, Buffer.from(each.padEnd(hash.length).slice(0, hash.length))) || found;
  return found;
}
