import type { LimitKind } from '@core/contracts/limit';
import type { ActField } from './act-offer.ts';

const LIMITS: Readonly<Record<LimitKind, string>> = {
  'order-volume': 'Lots of one order',
  'order-notional': 'What one order moves, in money',
  'open-positions': 'Open positions, and orders that may become one',
  'instrument-exposure': 'Net exposure in one instrument, in money',
  'orders-per-second': 'Orders a second',
  'rejections-in-a-row': 'Rejections in a row, for the same reason',
  'orders-per-minute': 'Orders a minute',
  'orders-per-day': 'Orders a day',
  'day-loss': 'Loss of the day, in money',
  'price-band': 'Distance of a price from the last quote, in percent',
  'quote-age': 'Age of the last quote, in seconds',
};

/** What is at most allowed. */
export const LIMIT_FIELDS: readonly ActField[] = [
  { name: 'limit', label: 'Limit', kind: 'choice', choices: Object.entries(LIMITS) },
  { name: 'allowed', label: 'At most; none lifts it', kind: 'text', isNeeded: true },
];

/** How far a price may slip. */
export const SLIPPAGE_FIELDS: readonly ActField[] = [
  { name: 'percent', label: 'Percent that a price may slip at most; none lifts it', kind: 'text', isNeeded: true },
];
