import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian's `faketime` has it, and others. */
const PLACES = ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''].map(
  (folder) => `/usr/lib/${folder}faketime/libfaketimeMT.so.1`,
);

export const HOW_TO_GET_FAKETIME = 'apt-get install faketime';

/** The clock of one service, put forward or back while it runs; null where this machine has no libfaketime. */
export class FaultClock {
  private constructor(
    private readonly library: string,
    private readonly file: string,
  ) {}

  static isHere(): boolean {
    return PLACES.some((place) => existsSync(place));
  }

  static in(folder: string): FaultClock | null {
    const library = PLACES.find((place) => existsSync(place));
    if (library === undefined) return null;
    const clock = new FaultClock(library, join(folder, 'faketime'));
    clock.show(0);
    return clock;
  }

  /** What the service is told: steady clocks stay as they are. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...{ LD_PRELOAD: this.library, FAKETIME_TIMESTAMP_FILE: this.file },
      ...{ FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    };
  }

  show(aheadSeconds: number): void {
    writeFileSync(this.file, `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}\n`);
  }
}
