import type { Acknowledgement } from '../checker/run-record.ts';

/** Everything that anybody was told is done, from the first moment on. */
export class ToldDone {
  readonly all: Acknowledgement[] = [];
  /** When each way in last took something, in milliseconds of this process. */
  private readonly taken = new Map<string, number>();

  /** What this run itself put on the feed, which nobody was told by the ledger. */
  readonly forged = new Set<string>();

  add(acknowledgement: Acknowledgement, askedMs: number): void {
    this.all.push(acknowledgement);
    this.taken.set(acknowledgement.by, askedMs);
  }

  /** Whether this way in took something that was asked after a moment. */
  hasTakenSince(way: string, momentMs: number): boolean {
    return (this.taken.get(way) ?? -Infinity) >= momentMs;
  }
}
