import { z } from 'zod';
import { Instant, Instrument, Venue } from '../primitives.ts';
import { MarketFailure } from './failure.ts';

/** Most instruments of one request. */
export const HOURS_INSTRUMENTS_MAX = 100;

const minute = z.int().min(0).max(1_440);

/**
 * Part of one weekday, by the wall clock of a zone: minutes since its midnight, the last one excluded; 1440 is the next
 * midnight. What goes over midnight is two of them.
 */
export const WeeklySession = z.object({
  /** Monday = 1 … Sunday = 7. */
  day: z.int().min(1).max(7),
  fromMinute: minute,
  toMinute: minute,
});
export type WeeklySession = z.output<typeof WeeklySession>;

/** When an instrument is quoted and traded in a usual week, by day and time; holidays are not told. */
export const TradingHours = z.object({
  instrument: Instrument,
  /** IANA name of the zone whose clock is meant, its summer time included. */
  zone: z.string().min(1).max(64),
  quotes: z.array(WeeklySession).max(64),
  trading: z.array(WeeklySession).max(64),
  /** When the broker was asked. */
  readAt: Instant,
});
export type TradingHours = z.output<typeof TradingHours>;

const formats = new Map<string, Intl.DateTimeFormat>();
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether one of the sessions has begun and not ended, by the clock of their zone. */
export function isOpenAt(sessions: readonly WeeklySession[], zone: string, epochMs: number): boolean {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    });
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const day = DAYS.indexOf(parts['weekday'] ?? '') + 1;
  const minutes = Number(parts['hour']) * 60 + Number(parts['minute']);
  return sessions.some((each) => each.day === day && each.fromMinute <= minutes && minutes < each.toMinute);
}

/** Body of a request to `subjects.hours`. */
export const HoursRequest = z.strictObject({
  venue: Venue,
  instruments: z.array(Instrument).min(1).max(HOURS_INSTRUMENTS_MAX),
});
export type HoursRequest = z.output<typeof HoursRequest>;

/** Those of the instruments that the broker told hours of. */
const Hours = z.object({ ok: z.literal(true), venue: Venue, hours: z.array(TradingHours) });
type Hours = z.output<typeof Hours>;

/** Answer to `subjects.hours`. */
export const HoursAnswer = z.discriminatedUnion('ok', [Hours, MarketFailure]);
export type HoursAnswer = z.output<typeof HoursAnswer>;
