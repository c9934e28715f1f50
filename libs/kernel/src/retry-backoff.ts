/** Beyond this many keys everything is forgotten and may be tried again at once. */
const KEYS_MAX = 10_000;

/**
 * Keeps one attempt from following the other at once: the pause before the same attempt at the same thing doubles.
 * Another attempt at it is a new beginning. Times are milliseconds of a steady clock.
 */
export class RetryBackoff {
  private readonly attempts = new Map<
    string,
    { readonly what: string; readonly until: number; readonly pauseMs: number }
  >();

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
  ) {}

  /** Whether `what` may be tried for `key` now; if so, it counts as tried. */
  mayTry(key: string, what: string, now: number): boolean {
    const last = this.attempts.get(key);
    const isAgain = last?.what === what;
    if (isAgain && now < last.until) return false;
    if (this.attempts.size >= KEYS_MAX) this.attempts.clear();
    const pauseMs = isAgain ? Math.min(this.maxMs, last.pauseMs * 2) : this.firstMs;
    this.attempts.set(key, { what, until: now + pauseMs, pauseMs });
    return true;
  }

  forget(key: string): void {
    this.attempts.delete(key);
  }
}
