import type { Instrument } from '@core/contracts/primitives';
import { newestHole, type Range, type Ranges } from './known-ranges.ts';

/** A stretch of an instrument's time that is not known. */
export interface MissingBars {
  readonly instrument: Instrument;
  readonly range: Range;
}

const DAY_MS = 86_400_000;

/**
 * What is asked of the broker's chart next, of all instruments together: no older day of one before the newest of every
 * other, and of a day the longest stretch. Null where nothing is missing.
 */
export function newestMissing(
  known: ReadonlyMap<Instrument, Ranges>,
  withinOf: (instrument: Instrument) => Range,
  longestMs: number,
): MissingBars | null {
  let newest: MissingBars | null = null;
  for (const [instrument, ranges] of known) {
    const range = newestHole(ranges, withinOf(instrument), longestMs);
    if (range && (newest === null || isBefore(range, newest.range))) newest = { instrument, range };
  }
  return newest;
}

function isBefore(range: Range, other: Range): boolean {
  const days = Math.ceil(range.untilMs / DAY_MS) - Math.ceil(other.untilMs / DAY_MS);
  return days === 0 ? lengthOf(range) > lengthOf(other) : days > 0;
}

const lengthOf = ({ fromMs, untilMs }: Range): number => untilMs - fromMs;
