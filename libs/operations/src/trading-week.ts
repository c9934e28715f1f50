import type { WeeklySession } from '@core/contracts/market/hours';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `Mon-Thu 00:00-24:00, Fri 00:00-22:00`: neighbouring days of the same hours together. */
export function inWords(sessions: readonly WeeklySession[]): string {
  const days = DAYS.map((name, index) => ({
    name,
    hours: sessions
      .filter(({ day }) => day === index + 1)
      .map(({ fromMinute, toMinute }) => span(fromMinute, toMinute)),
  }));
  const stretches: { first: string; last: string; hours: string }[] = [];
  for (const { name, hours } of days) {
    const before = stretches.at(-1);
    if (before?.hours === hours.join(' ')) before.last = name;
    else stretches.push({ first: name, last: name, hours: hours.join(' ') });
  }
  const open = stretches.filter(({ hours }) => hours !== '');
  const words = open.map(({ first, last, hours }) => `${first === last ? first : `${first}-${last}`} ${hours}`);
  return words.join(', ') || 'never';
}

const span = (from: number, to: number): string => `${clock(from)}-${clock(to)}`;
const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const two = (value: number): string => String(value).padStart(2, '0');
