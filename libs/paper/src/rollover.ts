import type { Instant } from '@core/contracts/primitives';
import { fromNumber } from '@core/kernel/decimal';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { z } from 'zod';

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** When a trading day ends, by the wall clock of a zone: the usual end is five in the afternoon of New York. */
export const Rollover = z.strictObject({
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default('17:00'),
  zone: z.string().max(64).refine(isZone, 'not a time zone').default('America/New_York'),
});
export type Rollover = z.output<typeof Rollover>;

/** The end of one trading day. */
export interface Night {
  readonly at: Instant;
  /** The day that ended: Monday = 1 … Sunday = 7. */
  readonly weekday: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The first rollover after a moment. */
export function nextNight(after: Instant, { at, zone }: Rollover): Night {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const today = Math.floor(wallClock(toMs(after), zone) / DAY_MS) * DAY_MS;
  const onDay = (day: number): number => momentOf(day + (hour * 60 + minute) * MINUTE_MS, zone);
  const nightMs = [today, today + DAY_MS, today + 2 * DAY_MS].map(onDay).find((ms) => ms > toMs(after));
  if (nightMs === undefined) throw new Error(`no rollover within two days of ${after}`);
  // A day that ends at midnight is the day before.
  const weekday = new Date(wallClock(nightMs - MINUTE_MS, zone)).getUTCDay();
  return { at: instantFromMs(nightMs), weekday: weekday === 0 ? 7 : weekday };
}

/** How many nights are charged for one: none at the weekend, for which the instrument's triple day has paid. */
export const nightsOf = ({ weekday }: Night, tripleSwapDay: number | null) =>
  fromNumber(weekday > 5 ? 0 : weekday === tripleSwapDay ? 3 : 1);

/** What a zone's clocks show at a moment, as if it were UTC. */
function wallClock(ms: number, zone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(ms);
  return Date.parse(`${shown.replace(' ', 'T')}Z`);
}

/** The moment at which a zone's clocks show this; where they never do, the hour after. */
function momentOf(shown: number, zone: string): number {
  const guess = shown - (wallClock(shown, zone) - shown);
  return guess - (wallClock(guess, zone) - shown);
}
