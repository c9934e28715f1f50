import { isReachableByAll, type RunAs } from '@core/machine/run-as';
import { createHash } from 'node:crypto';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where root keeps what an unprivileged Postgres must reach but cannot in the data folder. */
export const MACHINE_FOLDER = '/var/lib/trading-core';

/** The data folder itself, or one in its place: root's Postgres runs as another user, who must be able to pass through. */
export function reachableFolder(data: string, runAs: RunAs): string {
  if (runAs.uid === undefined) return data;
  chmodSync(data, statSync(data).mode | 0o011);
  if (isReachableByAll(data)) return data;
  return join(MACHINE_FOLDER, createHash('sha256').update(data).digest('hex').slice(0, 12));
}
