import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { fileText } from './files.ts';
import { startOf } from './pids.ts';

/** What processes of this machine's users have chosen, one file for each port, with whoever chose it. */
const FOLDER = join(tmpdir(), 'trading-core-ports');

/** Names one process for good. */
const nameOf = (pid: number): string => `${pid} ${startOf(pid)}`;

const own = new Set<string>();

/**
 * Keeps a free port for this process until it ends: what is chosen now is listened on later, when another system that
 * starts beside it may have chosen it too. False where another process that lives has it.
 */
export function reservePort(port: number): boolean {
  const file = join(FOLDER, String(port));
  try {
    mkdirSync(FOLDER, { recursive: true, mode: 0o777 });
    const holder = fileText(file);
    if (holder === nameOf(process.pid)) return true;
    if (holder !== '' && holder === nameOf(Number.parseInt(holder, 10))) return false;
    rmSync(file, { force: true });
    writeFileSync(file, nameOf(process.pid), { flag: 'wx' });
  } catch (error) {
    // Somebody was quicker; where nobody can write, nothing is kept for anybody.
    return !(isNativeError(error) && 'code' in error && error.code === 'EEXIST');
  }
  if (own.size === 0) process.once('exit', releaseAll);
  own.add(file);
  return true;
}

function releaseAll(): void {
  for (const file of own) rmSync(file, { force: true });
}
