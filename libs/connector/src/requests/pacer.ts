/** What goes first: getting out of the market, then into it, then changing what stands, then asking; charts come last. */
export const Priority = { close: 0, order: 1, amend: 2, query: 3, ping: 4, market: 5 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

export interface PacerOptions {
  /** Least time between the ends of two turns; servers drop connections that are faster (wire-behaviour §3). */
  readonly intervalMs: number;
  /** Turns that may wait. */
  readonly queueMax: number;
}

/** A connection's waiting line is full, or the connection is gone: the turn did not and will not come. */
export class NoTurn extends Error {
  readonly code = 'no-turn';
}

interface Waiting {
  readonly task: () => Promise<void> | void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Takes turns on one connection: one command at a time, not too fast, the urgent ones first. */
export class Pacer {
  private readonly lines: Waiting[][] = Object.values(Priority).map(() => []);
  private waiting = 0;
  private isBusy = false;
  private nextAtMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private closedBecause: string | null = null;

  constructor(private readonly options: PacerOptions) {}

  /** Turns that wait now. */
  get length(): number {
    return this.waiting;
  }

  /** Runs a task when its turn has come; rejects with `NoTurn` when it never will, or with what the task throws. */
  turn(priority: Priority, task: () => Promise<void> | void): Promise<void> {
    if (this.closedBecause !== null) return Promise.reject(new NoTurn(this.closedBecause));
    if (this.waiting >= this.options.queueMax) return Promise.reject(new NoTurn('too many commands wait'));
    return new Promise((resolve, reject) => {
      this.lines[priority]?.push({ task, resolve, reject });
      this.waiting += 1;
      this.advance();
    });
  }

  close(reason: string): void {
    this.closedBecause = reason;
    clearTimeout(this.timer);
    for (const line of this.lines) for (const { reject } of line.splice(0)) reject(new NoTurn(reason));
    this.waiting = 0;
  }

  private advance(): void {
    if (this.isBusy || this.waiting === 0 || this.closedBecause !== null) return;
    const pauseMs = this.nextAtMs - performance.now();
    clearTimeout(this.timer);
    if (pauseMs > 0) this.timer = setTimeout(() => this.advance(), pauseMs);
    else void this.runNext();
  }

  private async runNext(): Promise<void> {
    const next = this.lines.find(({ length }) => length > 0)?.shift();
    if (!next) return;
    this.waiting -= 1;
    this.isBusy = true;
    try {
      await next.task();
      next.resolve();
    } catch (error) {
      next.reject(error);
    }
    this.isBusy = false;
    this.nextAtMs = performance.now() + this.options.intervalMs;
    this.advance();
  }
}
