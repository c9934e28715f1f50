export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Waits that double, each a random part of its whole length, so that many accounts do not come back at once. */
export class Backoff {
  private failures = 0;

  constructor(private readonly options: BackoffOptions) {}

  /** The next wait; `random` is from 0 to 1. */
  next(random: number): number {
    const { minMs, maxMs } = this.options;
    const wholeMs = Math.min(maxMs, minMs * 2 ** this.failures);
    this.failures += 1;
    return Math.round(wholeMs * random);
  }

  reset(): void {
    this.failures = 0;
  }
}
