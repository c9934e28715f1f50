import type { Decimal, Instrument } from './primitives.ts';

/** What a strategy's ticker means at the account's venue, and how many units of it one unit of quantity is. */
export interface TickerMapping {
  readonly instrument: Instrument;
  readonly unitsPerQuantity: Decimal;
}
