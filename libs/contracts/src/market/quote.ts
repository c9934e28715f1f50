import { z } from 'zod';
import { Decimal, Instant, Instrument, PositiveDecimal, Venue } from '../primitives.ts';
import { InstrumentSpec } from './instrument.ts';

/** One level of the book: price and volume in lots; volume null where the venue does not say. */
const DepthLevel = z.tuple([PositiveDecimal, Decimal.nullable()]);

/** The market as it stands: the last value wins, older ones may be dropped. */
export const Quote = z.object({
  instrument: Instrument,
  bid: PositiveDecimal,
  ask: PositiveDecimal,
  time: Instant,
  /** The book as far as the venue shows it, best first: its first levels are `bid` and `ask`. */
  bids: z.array(DepthLevel).max(10),
  asks: z.array(DepthLevel).max(10),
});
export type Quote = z.output<typeof Quote>;

/** Body of `subjects.quotes`: every instrument that moved since the last one. */
export const Quotes = z.object({ venue: Venue, quotes: z.array(Quote) });
export type Quotes = z.output<typeof Quotes>;

/** Body of `subjects.instruments` and answer to `subjects.marketSnapshot`. */
export const MarketSnapshot = z.object({ venue: Venue, instruments: z.array(InstrumentSpec), quotes: z.array(Quote) });
export type MarketSnapshot = z.output<typeof MarketSnapshot>;
