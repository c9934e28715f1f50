import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeSync, openSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const HOW_TO_MOUNT = 'run as root, on Linux';

const MEGABYTE = 1_048_576;
const LEFT_MEGABYTES = 1;

const mount = (folder: string, megabytes: number): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status === 0;
const unmount = (folder: string): boolean => spawnSync('umount', ['-l', folder]).status === 0;

/** A file system of a few megabytes, to be filled; in memory. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Null where nothing may be mounted. */
  static make(megabytes: number): SmallDisk | null {
    const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
    if (mount(folder, megabytes)) {
      chmodSync(folder, 0o777);
      return new SmallDisk(folder);
    }
    rmdirSync(folder);
    return null;
  }

  /** Takes all the room there is, as something else on the disk would. */
  fill(): void {
    const file = openSync(this.ballast, 'a');
    const megabyte = Buffer.alloc(MEGABYTE);
    try {
      for (;;) {
        const { bavail, bsize } = statfsSync(this.folder);
        if (bavail * bsize > LEFT_MEGABYTES * MEGABYTE) writeSync(file, megabyte);
        else if (writeSync(file, megabyte, 0, bsize) === 0) return;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Gives it back. */
  clear(): void {
    rmSync(this.ballast, { force: true });
  }

  remove(): void {
    unmount(this.folder);
    rmdirSync(this.folder);
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}

/** Whether a small disk can be made here. */
export function canMount(): boolean {
  const disk = SmallDisk.make(1);
  disk?.remove();
  return disk !== null;
}
