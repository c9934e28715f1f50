import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How long a reader that does not keep up is waited for, in all, before a line is lost. */
const WAIT = { pauses: 10, pauseMs: 10 };
const NEWLINE = Buffer.from('\n');

/**
 * Where log lines go: a file descriptor, written at once, so that a crash keeps its reason.
 * What cannot be written (a full disk, a reader that is gone) is lost, and nobody dies of it; the first line that can
 * be written again is preceded by one that says how many were lost.
 */
export class LogOutput implements DestinationStream {
  private lost = 0;
  /** The last line was cut off: the next begins on a line of its own. */
  private isTorn = false;

  /** `lossOf` makes the line that tells of lost ones. */
  constructor(
    private readonly descriptor: number,
    private readonly lossOf: (lost: number) => string,
  ) {}

  write(line: string): void {
    const first = this.lost > 0 ? this.lossOf(this.lost) : '';
    if (this.isWritten(Buffer.from(first + line))) this.lost = 0;
    else this.lost += 1;
  }

  private isWritten(text: Buffer): boolean {
    let rest = this.isTorn ? Buffer.concat([NEWLINE, text]) : text;
    // Who could not keep up before is not waited for again.
    let pauses = this.lost > 0 ? 0 : WAIT.pauses;
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(this.descriptor, rest));
        this.isTorn = rest.length > 0;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || pauses === 0) return false;
        pauses -= 1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT.pauseMs);
      }
    }
    return true;
  }
}
