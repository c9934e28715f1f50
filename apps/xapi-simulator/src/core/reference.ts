import { Impact } from '@core/xapi/wire/enums';
import type { CalendarRecord, StepRuleRecord } from '@core/xapi/wire/reference-record';
import type { IbRecord } from '@core/xapi/wire/account-record';
import type { Written } from '@core/xapi/wire/wire-types';
import { hash, noiseAt } from './random.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** Volume steps by instrument group; `stepRuleId` of a symbol names one. */
export const stepRules: readonly Written<StepRuleRecord>[] = [
  { id: 1, name: 'Forex', steps: [{ fromValue: '0.01', step: '0.01' }] },
  { id: 2, name: 'Indices and commodities', steps: [{ fromValue: '0.01', step: '0.01' }] },
  { id: 3, name: 'Crypto', steps: [{ fromValue: '0.01', step: '0.01' }] },
  { id: 4, name: 'Stocks', steps: [{ fromValue: 1, step: 1 }] },
];

const INDICATORS = [
  { country: 'US', title: 'Nonfarm Payrolls', impact: Impact.high, hour: 13.5, day: 5, level: 190 },
  { country: 'US', title: 'Consumer Price Index', impact: Impact.high, hour: 13.5, day: 3, level: 3.2 },
  { country: 'DE', title: 'Industrial Orders', impact: Impact.medium, hour: 7, day: 2, level: 0.4 },
  { country: 'GB', title: 'Retail Sales', impact: Impact.medium, hour: 7, day: 5, level: -0.2 },
  { country: 'JP', title: 'Machine Tool Orders', impact: Impact.low, hour: 6, day: 1, level: 12.1 },
  { country: 'CA', title: 'Ivey Purchasing Managers Index', impact: Impact.high, hour: 15, day: 4, level: 56.3 },
] as const;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Releases of this week and the next; the value of one is empty until its time has come. */
export function calendar(seed: string, now: number): Written<CalendarRecord>[] {
  const monday = now - ((now - 4 * 24 * HOUR_MS) % WEEK_MS);
  return [monday, monday + WEEK_MS].flatMap((week) =>
    INDICATORS.map(({ country, title, impact, hour, day, level }) => {
      const time = week + (day - 1) * 24 * HOUR_MS + hour * HOUR_MS;
      const valueAt = (at: number): string =>
        (level * (1 + noiseAt(hash(`${seed}/${title}`), at / WEEK_MS) / 10)).toFixed(1);
      return {
        country,
        current: time <= now ? valueAt(week) : '',
        forecast: valueAt(week + 1),
        impact,
        period: `(${MONTHS[new Date(week).getUTCMonth()]})`,
        previous: valueAt(week - WEEK_MS),
        time,
        title,
      };
    }),
  );
}

/** What an introducing broker's clients did; only for accounts that are one. */
export function ibHistory(seed: string, start: number, end: number): Written<IbRecord>[] {
  const records: Written<IbRecord>[] = [];
  const firstHour = Math.ceil(start / HOUR_MS);
  for (let hour = firstHour; hour * HOUR_MS <= end && records.length < MAX_IB_RECORDS; hour++) {
    const chance = noiseAt(hash(seed), hour);
    if (chance < 0.6) continue;
    const open = Math.round(108_000 + chance * 1_000) / 100_000;
    records.push({
      closePrice: Math.round((open + chance / 1_000) * 100_000) / 100_000,
      login: '12345',
      nominal: 6,
      openPrice: open,
      side: hour % 2,
      surname: 'IB_Client_1',
      symbol: 'EURUSD',
      timestamp: hour * HOUR_MS,
      volume: 1,
    });
  }
  return records;
}

const MAX_IB_RECORDS = 1_000;
