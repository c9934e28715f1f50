import { z } from 'zod';
import {
  ContractTerms,
  Currency,
  Decimal,
  Instrument,
  NonNegativeDecimal,
  PositiveDecimal,
  Text,
  Venue,
} from '../primitives.ts';

/**
 * What a swap is counted in, a night and a lot: `points` of price, an amount of the quote or the margin currency, or
 * `percent-a-year` of the nominal value.
 */
export const SwapUnit = z.enum(['points', 'quote-currency', 'margin-currency', 'percent-a-year']);
export type SwapUnit = z.output<typeof SwapUnit>;

/** What a venue lets an account trade, and in which sizes. Published by the connector, never in the log. */
export const InstrumentSpec = z.object({
  venue: Venue,
  instrument: Instrument,
  description: Text,
  category: z.enum(['forex', 'index', 'commodity', 'crypto', 'stock', 'other']),
  contract: ContractTerms.required({ pipSize: true }),
  /** Currency in which margin is counted before conversion. */
  marginCurrency: Currency,
  minLots: PositiveDecimal,
  maxLots: PositiveDecimal,
  stepLots: PositiveDecimal,
  /** Smallest price movement. */
  tickSize: PositiveDecimal,
  /** Margin in percent of the nominal value: 1 is a leverage of 100. */
  marginPercent: NonNegativeDecimal,
  /** Least distance of protective prices from the market, in points of `digits`. */
  stopsLevelPoints: z.int().min(0),
  swapLong: Decimal,
  swapShort: Decimal,
  /** Null where the venue does not say. */
  swapUnit: SwapUnit.nullable(),
  /** The weekday whose night counts three times, for the weekend: Monday = 1 … Sunday = 7; null where it is not told. */
  tripleSwapDay: z.int().min(1).max(7).nullable(),
  tradable: z.boolean(),
  /** Whether a position may be opened by selling. */
  shortable: z.boolean(),
  /** Whether a stop loss may trail. */
  trailingStops: z.boolean(),
});
export type InstrumentSpec = z.output<typeof InstrumentSpec>;
