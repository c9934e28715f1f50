import { NoTurn } from '../broker-failure.ts';
import { NOTHING, steadyClock, type Clock } from './clock.ts';

/** What goes first: getting out of the market, then into it, then changing what stands, then asking; charts come last. */
const PRIORITIES = ['close', 'order', 'amend', 'query', 'ping', 'market'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface PacerOptions {
  /** Least time between the ends of two turns. */
  readonly intervalMs: number;
  /** Turns that may wait. */
  readonly queueMax: number;
}

interface Waiting {
  /** Resolves when the task has ended, however. */
  readonly run: () => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/** Takes turns on one connection: one command at a time, not too fast, the urgent ones first. */
export class Pacer {
  /** In the order of `PRIORITIES`. */
  private readonly lines: Waiting[][] = PRIORITIES.map(() => []);
  private waiting = 0;
  private isBusy = false;
  private nextAtMs = 0;
  private forget = NOTHING;
  private closedBecause: string | null = null;

  constructor(
    private readonly options: PacerOptions,
    private readonly clock: Clock = steadyClock,
  ) {}

  /** Turns that wait now. */
  get length(): number {
    return this.waiting;
  }

  /** What the task gives when its turn has come; rejects with `NoTurn` when it never will, or with what it throws. */
  turn<Value>(priority: Priority, task: () => Promise<Value> | Value): Promise<Value> {
    if (this.closedBecause !== null) return Promise.reject(new NoTurn(this.closedBecause));
    if (this.waiting >= this.options.queueMax) return Promise.reject(new NoTurn('too many commands wait'));
    return new Promise((resolve, reject) => {
      const run = async (): Promise<void> => {
        try {
          resolve(await task());
        } catch (error) {
          reject(error);
        }
      };
      this.lines[PRIORITIES.indexOf(priority)]?.push({ run, reject });
      this.waiting += 1;
      this.advance();
    });
  }

  close(reason: string): void {
    this.closedBecause = reason;
    this.forget();
    for (const line of this.lines) for (const { reject } of line.splice(0)) reject(new NoTurn(reason));
    this.waiting = 0;
  }

  private advance(): void {
    if (this.isBusy || this.waiting === 0 || this.closedBecause !== null) return;
    const pauseMs = this.nextAtMs - this.clock.now();
    this.forget();
    if (pauseMs > 0) this.forget = this.clock.after(pauseMs, () => this.advance());
    else void this.runNext();
  }

  private async runNext(): Promise<void> {
    const next = this.next();
    if (!next) return;
    this.waiting -= 1;
    this.isBusy = true;
    await next.run();
    this.isBusy = false;
    this.nextAtMs = this.clock.now() + this.options.intervalMs;
    this.advance();
  }

  private next(): Waiting | undefined {
    for (const line of this.lines) if (line.length > 0) return line.shift();
    return undefined;
  }
}
