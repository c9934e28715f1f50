import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const MEGABYTE = 1_048_576;
/** With less a system would be full before it has begun. */
const LEAST_BYTES = 400 * MEGABYTE;
const USUAL = { walMegabytes: 2_048, intakeBytes: 1_024 * MEGABYTE };
/** NATS promises streams three quarters of the room there is. */
const INTAKE_SHARE = 0.25;
const WAL_SHARE = 0.15;

/** How much of a disk Postgres's log and the intake may take. */
export interface DiskLimits {
  readonly walMegabytes: number;
  readonly intakeBytes: number;
}

/** What fits into so much room: the usual where there is plenty. Null where a system would not fit. */
export function diskLimitsFor(freeBytes: number): DiskLimits | null {
  if (freeBytes < LEAST_BYTES) return null;
  return {
    walMegabytes: Math.min(USUAL.walMegabytes, Math.floor((freeBytes * WAL_SHARE) / MEGABYTE)),
    intakeBytes: Math.min(USUAL.intakeBytes, Math.floor(freeBytes * INTAKE_SHARE)),
  };
}

/** The same of the disk on which a folder is or will be. Throws where one that is `new` would not fit; others go on. */
export function diskLimitsOf(folder: string, isNew: boolean): DiskLimits {
  let there = resolve(folder);
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  const freeBytes = bavail * bsize;
  const limits = diskLimitsFor(isNew ? freeBytes : Math.max(freeBytes, LEAST_BYTES));
  if (limits !== null) return limits;
  const left = Math.floor(freeBytes / MEGABYTE);
  throw new Error(
    `${folder}: ${left} MB are free there, and a system needs ${LEAST_BYTES / MEGABYTE} to begin: make room, or name another folder with --data`,
  );
}
