import { linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { fileText } from './files.ts';
import { startOf } from './pids.ts';

/**
 * What processes of this machine's users have chosen: a folder for each port, and in it a file for each time that it was
 * chosen, numbered, with the process that did. The last one counts, for as long as that process lives.
 */
const FOLDER = join(tmpdir(), 'trading-core-reserved-ports');

/** Names one process for good. */
const nameOf = (pid: number): string => `${pid} ${startOf(pid)}`;

/**
 * Keeps a port for this process until it ends: what is chosen now is listened on later, when another system that starts
 * beside it may have chosen it too. False where another process that lives has it, or this one for another purpose.
 */
export function reservePort(port: number, purpose: string): boolean {
  const folder = join(FOLDER, String(port));
  const me = `${nameOf(process.pid)}\n${purpose}`;
  const mine = join(FOLDER, `by-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o777 });
    const last = lastIn(folder);
    const holder = fileText(join(folder, String(last)));
    if (holder === me) return true;
    if (lives(holder)) return false;
    // It appears whole, and whoever else saw the same one end is too late.
    writeFileSync(mine, me);
    linkSync(mine, join(folder, String(last + 1)));
    for (const earlier of turnsIn(folder).filter((turn) => turn < last))
      rmSync(join(folder, String(earlier)), { force: true });
    return lastIn(folder) === last + 1;
  } catch (error) {
    // Somebody was quicker; where nobody can write, nothing is kept for anybody.
    return !(isNativeError(error) && 'code' in error && error.code === 'EEXIST');
  } finally {
    rmSync(mine, { force: true });
  }
}

const lives = (holder: string): boolean => holder.split('\n')[0] === nameOf(Number.parseInt(holder, 10));

const turnsIn = (folder: string): readonly number[] => readdirSync(folder).map(Number);
const lastIn = (folder: string): number => Math.max(0, ...turnsIn(folder));
