import type { Instant } from '@core/contracts/primitives';
import { randomBytes } from 'node:crypto';
import { instantFromMs } from '@core/kernel/instant';
import { uuidV7 } from '@core/kernel/uuid';

/** This machine's time. Times and ids are made here, in the shell, and enter pure code as data. */
export const now = (): Instant => instantFromMs(Date.now());

/** A new id, ordered by time. */
export const newId = (): string => uuidV7(Date.now(), randomBytes(10));
