import type { Points } from './units.ts';

/** Bid prices within one period. */
export interface CandleInPoints {
  readonly start: number;
  readonly open: Points;
  high: Points;
  low: Points;
  close: Points;
  /** Ticks, which stand for lots. */
  volume: number;
}
