import { REPLAY_EDGES } from '@core/operations/replay-state';
import type { LoginName } from '@core/service/logins';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Says of a data folder that nothing in it may ever trade. */
export const SANDBOX_FILE = 'sandbox.json';

/** Edges that a sandbox may be looked at through: nobody else may log in to its NATS. */
export const SANDBOX_EDGES = REPLAY_EDGES satisfies readonly LoginName[];
export type SandboxEdge = (typeof SANDBOX_EDGES)[number];

export const isSandbox = (folder: string): boolean => existsSync(join(folder, SANDBOX_FILE));
