import type { Instant } from '@core/contracts/primitives';
import { randomFillSync } from 'node:crypto';
import { instantFromMs } from '@core/kernel/instant';
import { uuidV7 } from '@core/kernel/uuid';

/** This machine's time. Times and ids are made here, in the shell, and enter pure code as data. */
export const now = (): Instant => instantFromMs(Date.now());

/** Bytes that one id takes. To ask for those of many at once costs about what those of one do. */
const ID_BYTES = 10;
const pool = Buffer.alloc(ID_BYTES * 256);
let used = pool.length;

/** A new id, ordered by time. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const from = used;
  used += ID_BYTES;
  return uuidV7(Date.now(), pool.subarray(from, used));
}
