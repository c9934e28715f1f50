// Servers show local time, Central European, in every `*String` field and count trading hours in it.
// Numbers on the wire stay UTC (wire-behaviour: presentation only, never parse).

/** A zone that keeps this clock, by the name that others know it by. */
export const SERVER_ZONE = 'Europe/Warsaw';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Summer time runs from the last Sunday of March to the last Sunday of October, both at 01:00 UTC. */
export const isSummerTime = (epochMs: number): boolean => seasonAt(epochMs).isSummer;

const serverOffsetMs = (epochMs: number): number => (isSummerTime(epochMs) ? 2 * HOUR_MS : HOUR_MS);

/** Server-local wall time as if it were UTC: for weekday, hour and day arithmetic. */
export const toServerLocalMs = (epochMs: number): number => epochMs + serverOffsetMs(epochMs);

/** The instant of a server-local wall time; of an hour that happens twice, the second. */
export function fromServerLocalMs(localMs: number): number {
  const winter = localMs - HOUR_MS;
  return isSummerTime(winter) ? localMs - 2 * HOUR_MS : winter;
}

/** The first instant of the server-local day that `epochMs` falls into. */
export function serverMidnightMs(epochMs: number): number {
  const local = toServerLocalMs(epochMs);
  return fromServerLocalMs(local - mod(local, DAY_MS));
}

/** The next day's first instant; days are 23 to 25 hours long. */
export const nextServerMidnightMs = (epochMs: number): number =>
  serverMidnightMs(serverMidnightMs(epochMs) + DAY_MS + 2 * HOUR_MS);

/** Monday = 1 … Sunday = 7, in server-local time. */
export function serverWeekday(epochMs: number): number {
  return new Date(toServerLocalMs(epochMs)).getUTCDay() || 7;
}

/** `Wed Oct 27 16:52:41 CEST 2021`: in trade and symbol records. */
export function longTimeText(epochMs: number): string {
  const local = new Date(toServerLocalMs(epochMs));
  const zone = isSummerTime(epochMs) ? 'CEST' : 'CET';
  const clock = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  return `${DAYS[local.getUTCDay()]} ${monthDay(local)} ${clock} ${zone} ${local.getUTCFullYear()}`;
}

/** `Jan 10, 2014 3:04:00 PM`: in server time, news and candles. */
export function mediumTimeText(epochMs: number): string {
  const local = new Date(toServerLocalMs(epochMs));
  const hour = local.getUTCHours();
  const clock = `${hour % 12 || 12}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  return `${monthDay(local)}, ${local.getUTCFullYear()} ${clock} ${hour < 12 ? 'AM' : 'PM'}`;
}

interface Season {
  readonly isSummer: boolean;
  readonly from: number;
  readonly to: number;
}

/** Where the last question fell: most questions fall into the same half of a year. */
let lastSeason: Season = { isSummer: false, from: 0, to: 0 };

function seasonAt(epochMs: number): Season {
  if (epochMs >= lastSeason.from && epochMs < lastSeason.to) return lastSeason;
  const year = new Date(epochMs).getUTCFullYear();
  const [spring, autumn] = [lastSundayAtOne(year, 2), lastSundayAtOne(year, 9)];
  if (epochMs < spring) lastSeason = { isSummer: false, from: lastSundayAtOne(year - 1, 9), to: spring };
  else if (epochMs < autumn) lastSeason = { isSummer: true, from: spring, to: autumn };
  else lastSeason = { isSummer: false, from: autumn, to: lastSundayAtOne(year + 1, 2) };
  return lastSeason;
}

function lastSundayAtOne(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0));
  return lastDay.getTime() - lastDay.getUTCDay() * DAY_MS + HOUR_MS;
}

const monthDay = (local: Date): string => `${MONTHS[local.getUTCMonth()]} ${two(local.getUTCDate())}`;
const two = (value: number): string => String(value).padStart(2, '0');
const mod = (value: number, by: number): number => ((value % by) + by) % by;
