import { answerable, type Coverage } from './answerable.ts';
import { joined, type Bar } from './bar.ts';
import type { BarPeriods } from './bar-periods.ts';
import type { Range } from './known-ranges.ts';

/** Bars whose moments lie from one to another, both included. */
export interface BarQuestion {
  readonly periods: BarPeriods;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Which minutes answer a question, as far as it can be answered so that no later answer contradicts it. `unknown` where
 * not even its first bar is known to its end, though that has passed.
 */
export function minutesOf({ periods, fromMs, toMs }: BarQuestion, coverage: Coverage): Range | 'unknown' {
  const { floorMs, nowMs } = coverage;
  // A zone's calendar is not asked about the year 1800.
  const [from, to] = [Math.max(fromMs, floorMs), Math.min(toMs, nowMs)];
  const told = answerable(coverage, from > to ? { fromMs: from, untilMs: from } : periods.within(from, to));
  if (told === 'unknown' || told.untilMs === told.fromMs) return told;
  const endMs = periods.of(told.fromMs).untilMs;
  return told.untilMs < endMs && endMs <= nowMs ? 'unknown' : told;
}

/**
 * The bars that are made of these minutes, which are all there are in `within`. One that has ended and does not lie
 * within as a whole is left out; the one that runs is told as it stands.
 */
export function barsOf(periods: BarPeriods, within: Range, minutes: readonly Bar[], nowMs: number): Bar[] {
  const bars: Bar[] = [];
  let running: Bar | null = null;
  let period = periods.of(within.fromMs);
  const isWhole = (): boolean =>
    period.fromMs >= within.fromMs && (period.untilMs <= within.untilMs || period.untilMs > nowMs);
  const end = (): void => {
    if (running !== null && isWhole()) bars.push(running);
    running = null;
  };
  for (const minute of minutes) {
    if (minute.openedAtMs >= period.untilMs) {
      end();
      period = periods.of(minute.openedAtMs);
    }
    running = running ? joined(running, minute) : { ...minute, openedAtMs: period.openedAtMs };
  }
  end();
  return bars;
}
