const BASE_MS = 500;
const MAX_MS = 30_000;

/** Codes after which the server wants to be left alone for a while, in milliseconds. */
const PATIENCE_MS: Readonly<Record<number, number>> = { 1013: 5_000, 4429: 30_000 };

/** A session that lived as long was well: the next failure is a first one. */
export const HEALTHY_MS = 60_000;

/**
 * How long to wait before the next attempt: anywhere up to a bound that doubles with each failure, so that clients do
 * not come back all at once, and as long as the server asked for.
 * `failures` counts from 0, `chance` is from 0 to 1, `askedMs` is what a `going_away` said.
 */
export function retryDelayMs(failures: number, closeCode: number, chance: number, askedMs: number | null): number {
  if (askedMs !== null) return askedMs;
  const bound = Math.min(MAX_MS, BASE_MS * 2 ** Math.min(failures, 10));
  return Math.round((PATIENCE_MS[closeCode] ?? 0) + chance * bound);
}
