import type { Instrument } from '@core/contracts/primitives';
import { newestHole, type Range, type Ranges } from './known-ranges.ts';

/** A stretch of an instrument's time that is not known. */
export interface MissingBars {
  readonly instrument: Instrument;
  readonly range: Range;
}

/**
 * What is asked of the broker's chart next, of all instruments together: no older day of one before the newest of every
 * other. Null where nothing is missing.
 */
export function newestMissing(
  known: ReadonlyMap<Instrument, Ranges>,
  withinOf: (instrument: Instrument) => Range,
  longestMs: number,
): MissingBars | null {
  let newest: MissingBars | null = null;
  for (const [instrument, ranges] of known) {
    const range = newestHole(ranges, withinOf(instrument), longestMs);
    if (range && range.untilMs > (newest?.range.untilMs ?? -Infinity)) newest = { instrument, range };
  }
  return newest;
}
