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
  private readonly line: Waiting[] = [];
  private nextMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: BudgetOptions) {}

  get open(): number {
    return this.used;
  }

  get max(): number {
    return this.options.connectionsMax;
  }

  /** Connections that are open or waited for. */
  get load(): number {
    return this.line.reduce((sum, { connections }) => sum + connections, this.used);
  }

  /** Those who wait for their turn, or because the budget is spent. */
  get waiters(): number {
    return this.line.length;
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
        this.line.splice(this.line.indexOf(waiting), 1);
        reject(signal.reason);
        this.advance();
      };
      signal.addEventListener('abort', abort, { once: true });
      this.line.push(waiting);
      this.advance();
    });
  }

  give(connections: number): void {
    this.used -= connections;
    this.advance();
  }

  private advance(): void {
    clearTimeout(this.timer);
    for (let next = this.line[0]; next; next = this.line[0]) {
      if (this.used + next.connections > this.options.connectionsMax) return;
      const now = performance.now();
      if (now < this.nextMs) {
        this.timer = setTimeout(() => this.advance(), this.nextMs - now);
        return;
      }
      this.nextMs = now + this.options.loginIntervalMs;
      this.used += next.connections;
      this.line.shift();
      next.resolve();
    }
  }
}
