/** Pauses between attempts: the first, and the longest they grow to. */
export interface BackoffLimits {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The pause after so many failures in a row, one or more: each twice the one before. */
export const backoffMs = ({ minMs, maxMs }: BackoffLimits, failures: number): number =>
  Math.min(maxMs, minMs * 2 ** (failures - 1));
