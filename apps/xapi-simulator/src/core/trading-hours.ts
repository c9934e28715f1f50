import { serverWeekday, toServerLocalMs } from '@core/xapi/wire/server-clock';
import type { HoursRecord } from '@core/xapi/wire/reference-record';

export type HoursProfile = 'always' | 'forex' | 'futures' | 'new-york';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

const on = (days: readonly number[], fromT: number, toT: number): HoursRecord[] =>
  days.map((day) => ({ day, fromT, toT }));

/** When each profile trades, in server-local time: milliseconds since midnight, summer time included. */
const profiles: Record<HoursProfile, readonly HoursRecord[]> = {
  always: on([1, 2, 3, 4, 5, 6, 7], 0, DAY_MS),
  forex: [...on([1, 2, 3, 4], 0, DAY_MS), ...on([5], 0, 22 * HOUR_MS), ...on([7], 23 * HOUR_MS, DAY_MS)],
  futures: [...on([1, 2, 3, 4], 5 * MINUTE_MS, 23 * HOUR_MS), ...on([5], 5 * MINUTE_MS, 22 * HOUR_MS)],
  'new-york': on([1, 2, 3, 4, 5], 15 * HOUR_MS + 30 * MINUTE_MS, 22 * HOUR_MS),
};

export const hoursOf = (profile: HoursProfile): readonly HoursRecord[] => profiles[profile];

/** Whether trading is open at an instant. Hours follow the wall clock, so they move with summer time. */
export function isOpen(profile: HoursProfile, epochMs: number): boolean {
  if (profile === 'always') return true;
  const local = toServerLocalMs(epochMs);
  const sinceMidnight = ((local % DAY_MS) + DAY_MS) % DAY_MS;
  const day = serverWeekday(epochMs);
  return profiles[profile].some(
    (hours) => hours.day === day && hours.fromT <= sinceMidnight && sinceMidnight < hours.toT,
  );
}
