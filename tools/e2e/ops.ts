import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const TIMEOUT_MS = 60_000;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The operator's command line against a system's data folder. */
export function ops(folder: string, ...args: readonly string[]): Finished {
  const { DATABASE_URL: _database, NATS_URL: _nats, ...env } = process.env;
  const command = ['tools/bootstrap.mjs', 'tools/ops/main.ts', ...args, '--data', folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  return { code: status, stdout, stderr };
}
