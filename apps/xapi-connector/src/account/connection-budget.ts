import { setTimeout as pause } from 'node:timers/promises';

export interface BudgetOptions {
  readonly connectionsMax: number;
  readonly loginIntervalMs: number;
}

/**
 * The connections that brokers allow one address, shared by all accounts of this process, and the pace at which they are
 * opened: logins go one after the other, never as a crowd.
 */
export class ConnectionBudget {
  private used = 0;
  private readonly waiting: { readonly connections: number; readonly resolve: () => void }[] = [];
  private lastLogin: Promise<void> = Promise.resolve();

  constructor(private readonly options: BudgetOptions) {}

  get open(): number {
    return this.used;
  }

  get max(): number {
    return this.options.connectionsMax;
  }

  /** Those who wait because the budget is spent. */
  get waiters(): number {
    return this.waiting.length;
  }

  /** Resolves when so many connections may be opened; rejects when `signal` is aborted first. */
  async take(connections: number, signal: AbortSignal): Promise<void> {
    if (this.waiting.length > 0 || this.used + connections > this.options.connectionsMax) {
      await this.queue(connections, signal);
    } else {
      this.used += connections;
    }
    const turn = this.lastLogin;
    this.lastLogin = turn.then(() => pause(this.options.loginIntervalMs));
    await turn;
    if (signal.aborted) {
      this.give(connections);
      signal.throwIfAborted();
    }
  }

  give(connections: number): void {
    this.used -= connections;
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (this.used + next.connections > this.options.connectionsMax) return;
      this.waiting.shift();
      this.used += next.connections;
      next.resolve();
    }
  }

  private queue(connections: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = {
        connections,
        resolve: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = (): void => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.waiting.push(waiter);
    });
  }
}
