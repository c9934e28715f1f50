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

/** What a venue lets an account trade, and in which sizes. Published by the connector, never in the log. */
export const InstrumentSpec = z.object({
  venue: Venue,
  instrument: Instrument,
  description: Text,
  category: z.enum(['forex', 'index', 'commodity', 'crypto', 'stock', 'other']),
  contract: ContractTerms,
  /** Currency in which margin is counted before conversion. */
  marginCurrency: Currency,
  minLots: PositiveDecimal,
  maxLots: PositiveDecimal,
  stepLots: PositiveDecimal,
  /** Smallest price movement. */
  tickSize: PositiveDecimal,
  /** One pip in price terms: ten ticks for currency pairs, one tick elsewhere. */
  pipSize: PositiveDecimal,
  /** Margin in percent of the nominal value: 1 is a leverage of 100. */
  marginPercent: NonNegativeDecimal,
  /** Least distance of protective prices from the market, in points of `digits`. */
  stopsLevelPoints: z.int().min(0),
  swapLong: Decimal,
  swapShort: Decimal,
  tradable: z.boolean(),
});
export type InstrumentSpec = z.output<typeof InstrumentSpec>;
