import type { WeeklySession } from '@core/contracts/market/hours';

const DAY_MINUTES = 1_440;

/**
 * A usual week as TradingView writes it: `0000-0000:23456|2300-0000:1`, Sunday = 1. It knows one session a day, so a break
 * within a day is written over, as its manual asks (Session specification). Null for a week without any.
 */
export function sessionString(week: readonly WeeklySession[]): string | null {
  const days = Array.from({ length: 7 }, (_, index) => spanOf(week.filter(({ day }) => day === index + 1)));
  if (days.every((span) => span === '0000-0000')) return '24x7';
  const bySpan = new Map<string, number[]>();
  for (const [index, span] of days.entries()) {
    if (span !== null) bySpan.set(span, [...(bySpan.get(span) ?? []), ((index + 1) % 7) + 1]);
  }
  const parts = [...bySpan].map(([span, named]) => `${span}:${named.toSorted((one, other) => one - other).join('')}`);
  return parts.length === 0 ? null : parts.join('|');
}

function spanOf(sessions: readonly WeeklySession[]): string | null {
  if (sessions.length === 0) return null;
  const from = Math.min(...sessions.map(({ fromMinute }) => fromMinute));
  const to = Math.max(...sessions.map(({ toMinute }) => toMinute));
  return `${clock(from)}-${clock(to % DAY_MINUTES)}`;
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}${String(minute % 60).padStart(2, '0')}`;
