import { fileText } from '@core/machine/files';
import { startOf } from '@core/machine/pids';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Another living process works with the same data folder. */
export class FolderBusy extends Error {
  readonly code = 'folder-busy';

  constructor(folder: string, pid: string) {
    super(`${folder} is in use by process ${pid}: stop it, or choose another folder with --data`);
    this.name = 'FolderBusy';
  }
}

/** Nothing can be kept in the data folder. */
class FolderUnusable extends Error {
  readonly code = 'folder-unusable';

  constructor(folder: string, cause: unknown) {
    const { code } = cause as NodeJS.ErrnoException;
    super(`${folder} cannot be a data folder (${WHY[code ?? ''] ?? code}): choose another one with --data`, { cause });
    this.name = 'FolderUnusable';
  }
}

const WHY: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'it cannot be made there',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that file system is read-only',
  ENOSPC: 'that file system is full',
};

/**
 * Keeps a data folder for this process until `release` or its end, however it ends: a lock whose holder is gone
 * does not count. Throws `FolderBusy` and `FolderUnusable`.
 */
export function lockFolder(folder: string): { release(): void } {
  try {
    makeFolder(resolve(folder));
  } catch (error) {
    throw new FolderUnusable(folder, error);
  }
  const file = join(folder, 'lock');
  const mine = `${process.pid} ${startOf(process.pid)}`;
  const holder = holderOf(file);
  if (holder !== undefined) throw new FolderBusy(folder, holder);
  rmSync(file, { force: true });
  try {
    writeFileSync(file, mine, { flag: 'wx' });
  } catch (error) {
    if (!existsSync(file)) throw new FolderUnusable(folder, error);
    throw new FolderBusy(folder, holderOf(file) ?? 'that started at the same moment');
  }
  return { release: () => rmSync(file, { force: true }) };
}

/** Node's own `recursive` tries for ever in file systems that take no folders, such as /proc. */
function makeFolder(folder: string): void {
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw error;
  }
}

function holderOf(file: string): string | undefined {
  const [pid, start] = fileText(file).split(' ');
  return pid && start && startOf(Number(pid)) === start ? pid : undefined;
}
