import { holesIn, withRange, type Range, type Ranges } from './known-ranges.ts';
import { minuteOf } from './minute-series.ts';

/** How much of an instrument's time is known. */
export interface Coverage {
  readonly known: Ranges;
  /** Before it nothing is told, which is known too. */
  readonly floorMs: number;
  /** Minutes that ended a moment ago and wait for the broker's chart may lie from here on. */
  readonly pendingFromMs: number;
  readonly nowMs: number;
}

/** For so long a broker's chart may be waited for without anything being wrong. */
export const PENDING_MS = 600_000;

/**
 * The part of a question that can be answered so that no later answer contradicts it. It ends before the newest minutes
 * that are not settled yet and begins where what is known begins; once all minutes before it are settled, the one that
 * runs belongs to it as it stands. `unknown`: none of it, or not all of what lies between, is known yet; that is not the
 * same as there being nothing. Empty where nothing was asked of the time between the floor and now.
 */
export function answerable(coverage: Coverage, asked: Range): Range | 'unknown' {
  const { floorMs, pendingFromMs, nowMs } = coverage;
  const running = { fromMs: minuteOf(nowMs), untilMs: nowMs };
  const isSettled = (coverage.known.at(-1)?.untilMs ?? 0) >= running.fromMs;
  const known = isSettled ? withRange(coverage.known, running) : coverage.known;
  const whole = { fromMs: Math.max(asked.fromMs, floorMs), untilMs: Math.min(asked.untilMs, nowMs) };
  const pending = holesIn(known, { fromMs: pendingFromMs, untilMs: nowMs })[0];
  const untilMs = Math.min(whole.untilMs, pending?.fromMs ?? nowMs);
  const reachMs = known[0]?.fromMs ?? Infinity;
  if (whole.untilMs <= whole.fromMs) return { fromMs: whole.fromMs, untilMs: whole.fromMs };
  const fromMs = Math.max(whole.fromMs, reachMs);
  if (fromMs >= untilMs) return 'unknown';
  return holesIn(known, { fromMs, untilMs }).length === 0 ? { fromMs, untilMs } : 'unknown';
}
