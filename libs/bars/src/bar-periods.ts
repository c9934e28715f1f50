import type { Range } from './known-ranges.ts';
import { BAR_MS } from './minute-series.ts';
import { dayBegins, tradingDayOf } from './trading-day.ts';

/** Minutes of one bar; 1440 are a trading day, whose clock may be changed within it. */
export const BAR_MINUTES = [1, 5, 15, 30, 60, 240, 1440] as const;
export type BarMinutes = (typeof BAR_MINUTES)[number];

const DAY: BarMinutes = 1440;
const DAY_MS = DAY * BAR_MS;

/** The time that one bar is of: its minutes, and the moment that it bears. */
export interface BarPeriod extends Range {
  readonly openedAtMs: number;
}

/** Which bar a moment is of. Bars are counted from the beginning of each day in the zone of the broker's calendar. */
export class BarPeriods {
  private day: BarPeriod = { openedAtMs: 0, fromMs: 0, untilMs: 0 };

  constructor(
    readonly minutes: BarMinutes,
    private readonly zone: string,
  ) {}

  of(atMs: number): BarPeriod {
    const day = this.dayOf(atMs);
    if (this.minutes === DAY) return day;
    const lengthMs = this.minutes * BAR_MS;
    const fromMs = day.fromMs + Math.floor((atMs - day.fromMs) / lengthMs) * lengthMs;
    return { openedAtMs: fromMs, fromMs, untilMs: Math.min(fromMs + lengthMs, day.untilMs) };
  }

  /** All minutes of the bars whose moments lie from one to another, both included. */
  within(fromMs: number, toMs: number): Range {
    return { fromMs: this.startFrom(fromMs), untilMs: this.startFrom(toMs + 1) };
  }

  /** Where the first bar begins whose moment is not before this one. */
  private startFrom(atMs: number): number {
    if (this.minutes === DAY) return dayBegins(Math.ceil(atMs / DAY_MS) * DAY_MS, this.zone);
    const period = this.of(atMs);
    return period.fromMs < atMs ? period.untilMs : period.fromMs;
  }

  /** Neighbours share their day, and a calendar is dear to ask. */
  private dayOf(atMs: number): BarPeriod {
    if (atMs < this.day.fromMs || atMs >= this.day.untilMs) {
      const openedAtMs = tradingDayOf(atMs, this.zone);
      const [fromMs, untilMs] = [dayBegins(openedAtMs, this.zone), dayBegins(openedAtMs + DAY_MS, this.zone)];
      this.day = { openedAtMs, fromMs, untilMs };
    }
    return this.day;
  }
}
