import { NoTurn } from '../broker-failure.ts';
import { NOTHING, steadyClock, type Clock } from './clock.ts';
import { WaitingLine, type Priority } from './waiting-line.ts';

export interface PacerOptions {
  /** Least time between the end of a turn that sent something and the next one. */
  readonly intervalMs: number;
  /** Turns that may wait. */
  readonly queueMax: number;
}

interface Waiting {
  /** Resolves to whether it sent anything. */
  readonly run: () => Promise<boolean>;
  readonly reject: (error: unknown) => void;
}

/** Takes turns on one connection: one command at a time, not too fast, the urgent ones first, and whoever waits grows urgent. */
export class Pacer {
  private readonly line = new WaitingLine<Waiting>();
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
    return this.line.length;
  }

  /**
   * What the task gives when its turn has come; rejects with `NoTurn` when it never will, or with what it throws.
   * `hasSent` tells of what it gave whether anything went out: the next one does not wait for a turn that nobody used.
   */
  turn<Value>(
    priority: Priority,
    task: () => Promise<Value> | Value,
    hasSent: (given: Value) => boolean = () => true,
  ): Promise<Value> {
    if (this.closedBecause !== null) return Promise.reject(new NoTurn(this.closedBecause));
    if (this.line.length >= this.options.queueMax) return Promise.reject(new NoTurn('too many commands wait'));
    return new Promise((resolve, reject) => {
      const run = async (): Promise<boolean> => {
        const given = await task();
        resolve(given);
        return hasSent(given);
      };
      this.line.add(priority, { run, reject }, this.clock.now());
      this.advance();
    });
  }

  close(reason: string): void {
    this.closedBecause = reason;
    this.forget();
    for (const { reject } of this.line.clear()) reject(new NoTurn(reason));
  }

  private advance(): void {
    if (this.isBusy || this.line.length === 0 || this.closedBecause !== null) return;
    const pauseMs = this.nextAtMs - this.clock.now();
    this.forget();
    if (pauseMs > 0) this.forget = this.clock.after(pauseMs, () => this.advance());
    else this.runNext();
  }

  private runNext(): void {
    const next = this.line.next();
    if (!next) return;
    this.isBusy = true;
    const ended = (hasSent: boolean): void => {
      this.isBusy = false;
      if (hasSent) this.nextAtMs = this.clock.now() + this.options.intervalMs;
      this.advance();
    };
    next.run().then(ended, (error: unknown) => {
      next.reject(error);
      ended(true);
    });
  }
}
