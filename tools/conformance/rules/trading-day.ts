import { DAY } from './bar-rules.ts';
import type { SymbolRow } from './symbol-rules.ts';

/** The hours of one trading day, in seconds since the epoch; the end is not included. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

interface Segment {
  readonly start: number;
  readonly end: number;
  /** 1 is Sunday. */
  readonly days: string;
}

const WORKDAYS = '23456';
/** What `24x7` stands for: a day is its calendar's, in the zone that the symbol names. */
const AROUND_THE_CLOCK = '0000-0000:1234567';
const secondsIn = (clock: string): number => Number(clock.slice(0, 2)) * 3_600 + Number(clock.slice(2)) * 60;

/** `HHMM-HHMM:days|…`; midnight as an end is the day's own. */
const segmentsOf = (session: string): readonly Segment[] =>
  (session === '24x7' ? AROUND_THE_CLOCK : session).split('|').flatMap((part) => {
    const [times = '', days = WORKDAYS] = part.split(':');
    return times.split(',').map((time) => {
      const [start = '', end = ''] = time.split('-');
      return { start: secondsIn(start), end: secondsIn(end) || DAY, days };
    });
  });

/** From the opening to the close of the trading day whose daily bar is at `day`, 00:00 UTC; null when there is none. */
export function hoursOf({ session, timezone }: SymbolRow, day: number): Hours | null {
  const weekday = String(((Math.floor(day / DAY) + 4) % 7) + 1);
  const segments = segmentsOf(session)
    .filter(({ days }) => days.includes(weekday))
    // What begins later than it ends began the day before.
    .map(({ start, end }) => ({ from: start >= end ? day - DAY + start : day + start, to: day + end }));
  if (segments.length === 0) return null;
  const from = Math.min(...segments.map((each) => each.from));
  const to = Math.max(...segments.map((each) => each.to));
  return { from: utcOf(from, timezone), to: utcOf(to, timezone) };
}

/** Whether its market is open, holidays apart. */
export const isOpenAt = (row: SymbolRow, second: number): boolean => {
  const today = second - (second % DAY);
  return [today - DAY, today, today + DAY].some((day) => {
    const hours = hoursOf(row, day);
    return hours !== null && hours.from <= second && second < hours.to;
  });
};

/** The moment at which clocks of a time zone show what UTC clocks show at `wall`. */
function utcOf(wall: number, timezone: string): number {
  const guess = wall - offsetAt(wall, timezone);
  return wall - offsetAt(guess, timezone);
}

function offsetAt(second: number, timezone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(second * 1_000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60);
}
