import { backoffMs, type BackoffLimits } from './backoff.ts';
import { BoundedMap } from './bounded-map.ts';

/** Beyond this many keys the one tried longest ago is forgotten and may be tried again at once. */
const KEYS_MAX = 10_000;

/**
 * Keeps one attempt from following the other at once: the pause before the same attempt at the same thing doubles.
 * Another attempt at it is a new beginning. Times are milliseconds of a steady clock.
 */
export class RetryBackoff {
  private readonly attempts = new BoundedMap<
    string,
    { readonly what: string; readonly until: number; readonly count: number }
  >(KEYS_MAX);

  private readonly limits: BackoffLimits;

  constructor(minMs: number, maxMs: number) {
    this.limits = { minMs, maxMs };
  }

  /** Whether `what` may be tried for `key` now; if so, it counts as tried. */
  mayTry(key: string, what: string, now: number): boolean {
    const last = this.attempts.get(key);
    const isAgain = last?.what === what;
    if (isAgain && now < last.until) return false;
    const count = isAgain ? last.count + 1 : 1;
    this.attempts.set(key, { what, until: now + backoffMs(this.limits, count), count });
    return true;
  }

  forget(key: string): void {
    this.attempts.delete(key);
  }
}
