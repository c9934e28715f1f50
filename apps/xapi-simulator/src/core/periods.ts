import { Period } from '@core/xapi/wire/enums';
import { fromServerLocalMs, toServerLocalMs } from '@core/xapi/wire/server-clock';

export const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** The epoch was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

export const isPeriod = (minutes: number): minutes is Period =>
  Object.values(Period).some((period) => period === minutes);

/** The start of the candle that an instant falls into. Candles of an hour and more begin by the server's wall clock. */
export function periodStartMs(period: Period, epochMs: number): number {
  if (period <= Period.H1) return epochMs - (epochMs % (period * MINUTE_MS));
  const local = toServerLocalMs(epochMs);
  if (period === Period.MN1) {
    const date = new Date(local);
    return fromServerLocalMs(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
  }
  if (period === Period.W1) return fromServerLocalMs(local - ((local - FIRST_MONDAY_MS) % WEEK_MS));
  return fromServerLocalMs(local - (local % (period * MINUTE_MS)));
}

/** How long ago charts of a period begin (seed §5.3): minutes a month, half hours seven, 4 hours thirteen, days for ever. */
export function availableFromMs(period: Period, now: number): number {
  const months = period < Period.M30 ? 1 : period < Period.H4 ? 7 : period < Period.D1 ? 13 : MONTHS_OF_HISTORY;
  return now - months * 30 * DAY_MS;
}

/** Ten years. */
const MONTHS_OF_HISTORY = 120;
