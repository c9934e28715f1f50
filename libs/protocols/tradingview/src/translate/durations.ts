import type { Instant } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';
import type { Language } from '@core/kernel/language';
import { say } from '../texts/user-text.ts';
import type { TvConfig } from '../wire/config.ts';
import type { TvOrder } from '../wire/order.ts';

/** How long a limit or stop order may stand; market orders have no duration. */
export const durationsIn = (language: Language): TvConfig['durations'] => [
  { id: 'gtc', title: say(language, { key: 'duration.gtc' }), default: true, supportedOrderTypes: ['limit', 'stop'] },
  {
    id: 'gtt',
    title: say(language, { key: 'duration.gtt' }),
    hasDatePicker: true,
    hasTimePicker: true,
    supportedOrderTypes: ['limit', 'stop'],
  },
];

export const durationOf = (expiresAt: Instant | null): NonNullable<TvOrder['duration']> =>
  expiresAt === null ? { type: 'gtc' } : { type: 'gtt', datetime: Math.floor(toMs(expiresAt) / 1000) };

/** From Unix seconds; years beyond 9999 have no RFC 3339 text. */
export const expiryFromSeconds = (seconds: number): Instant | null =>
  Number.isInteger(seconds) && seconds > 0 && seconds < 253_402_300_800 ? instantFromMs(seconds * 1000) : null;
