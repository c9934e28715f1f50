import { fileText } from '@core/machine/files';
import { startOf } from '@core/machine/pids';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another living process works with the same data folder. */
export class FolderBusy extends Error {
  readonly code = 'folder-busy';

  constructor(folder: string, pid: string) {
    super(`${folder} is in use by process ${pid}: stop it, or choose another folder with --data`);
    this.name = 'FolderBusy';
  }
}

/**
 * Keeps a data folder for this process until `release` or its end, however it ends: a lock whose holder is gone
 * does not count. Throws `FolderBusy`.
 */
export function lockFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lock');
  const mine = `${process.pid} ${startOf(process.pid)}`;
  const holder = holderOf(file);
  if (holder !== undefined) throw new FolderBusy(folder, holder);
  rmSync(file, { force: true });
  try {
    writeFileSync(file, mine, { flag: 'wx' });
  } catch {
    throw new FolderBusy(folder, holderOf(file) ?? 'that started at the same moment');
  }
  return { release: () => rmSync(file, { force: true }) };
}

function holderOf(file: string): string | undefined {
  const [pid, start] = fileText(file).split(' ');
  return pid && start && startOf(Number(pid)) === start ? pid : undefined;
}
