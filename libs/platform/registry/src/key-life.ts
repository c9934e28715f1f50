import type { AccessKey } from './entities.ts';

export type KeyLife = Pick<AccessKey, 'secretHash' | 'previousHash' | 'previousUntil' | 'expiresAt' | 'revoked'>;

/** Until when a secret opens its key, in milliseconds since the epoch: Infinity for one without an end, 0 for none of its. */
export function openUntilMs(key: KeyLife, secretHash: string): number {
  if (key.revoked) return 0;
  const keyEnd = key.expiresAt?.getTime() ?? Infinity;
  if (secretHash === key.secretHash) return keyEnd;
  return secretHash === key.previousHash ? Math.min(keyEnd, key.previousUntil?.getTime() ?? 0) : 0;
}
