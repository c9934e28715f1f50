import { NOTHING, steadyClock, type Clock } from './clock.ts';

export interface BudgetOptions {
  readonly connectionsMax: number;
  readonly loginIntervalMs: number;
}

interface Waiting {
  readonly connections: number;
  readonly resolve: () => void;
}

/**
 * The connections that brokers allow one address, shared by all accounts that leave from it, and the pace at which they
 * are opened: logins go one after the other, never as a crowd, and those who give up leave no gap.
 */
export class ConnectionBudget {
  private used = 0;
  private awaited = 0;
  private readonly line = new Set<Waiting>();
  private nextMs = 0;
  private forget = NOTHING;

  constructor(
    private readonly options: BudgetOptions,
    private readonly clock: Clock = steadyClock,
  ) {}

  get open(): number {
    return this.used;
  }

  get max(): number {
    return this.options.connectionsMax;
  }

  /** Connections that are open or waited for. */
  get load(): number {
    return this.used + this.awaited;
  }

  /** Those who wait for their turn, or because the budget is spent. */
  get waiters(): number {
    return this.line.size;
  }

  /** Resolves when so many connections may be opened; rejects when `signal` is or will be aborted first. */
  take(connections: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const waiting = {
        connections,
        resolve: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = (): void => {
        this.leave(waiting);
        reject(signal.reason);
        this.advance();
      };
      signal.addEventListener('abort', abort, { once: true });
      this.line.add(waiting);
      this.awaited += connections;
      this.advance();
    });
  }

  give(connections: number): void {
    this.used -= connections;
    this.advance();
  }

  private leave(waiting: Waiting): void {
    if (this.line.delete(waiting)) this.awaited -= waiting.connections;
  }

  private advance(): void {
    this.forget();
    for (const next of this.line) {
      if (this.used + next.connections > this.options.connectionsMax) return;
      const now = this.clock.now();
      if (now < this.nextMs) {
        this.forget = this.clock.after(this.nextMs - now, () => this.advance());
        return;
      }
      this.nextMs = now + this.options.loginIntervalMs;
      this.used += next.connections;
      this.leave(next);
      next.resolve();
    }
  }
}
