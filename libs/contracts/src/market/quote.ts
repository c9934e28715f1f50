import { z } from 'zod';
import { Decimal, Instant, Instrument, PositiveDecimal, Venue } from '../primitives.ts';
import { readerOf } from '../reader-of.ts';
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

/**
 * How the last price of an instrument stands. `live`: the venue stands by it. `stale`: nobody has for too long, and what
 * the market is now is not known. `closed`: outside of its hours, so that it is the last there is. `off`: the venue has it
 * no more, or does not let it be traded.
 */
export const PriceState = z.enum(['live', 'stale', 'closed', 'off']);
export type PriceState = z.output<typeof PriceState>;

/** `since` it stands so; of a stale price, when somebody last stood by it. */
export const PriceStatus = z.object({ instrument: Instrument, state: PriceState, since: Instant });
export type PriceStatus = z.output<typeof PriceStatus>;

/** What both messages say of prices besides. */
const states = {
  /** Those that changed since the last message, or all of them in a snapshot; of whom nothing was ever said is live. */
  states: z.array(PriceStatus).optional(),
  /** The next message comes by then, though nothing moves: whoever hears nothing for much longer knows no price. */
  nextMs: z.int().min(1).optional(),
  /** Since when no price was missed, as far as the connector knows; null while it hears none. */
  streamedSince: Instant.nullable().optional(),
};

/** Body of `subjects.quotes`: every instrument that moved since the last one. */
export const Quotes = z.object({ venue: Venue, quotes: z.array(Quote), ...states });
export type Quotes = z.output<typeof Quotes>;

/** Body of `subjects.instruments` and answer to `subjects.marketSnapshot`. */
export const MarketSnapshot = z.object({
  venue: Venue,
  instruments: z.array(InstrumentSpec),
  quotes: z.array(Quote),
  ...states,
});
export type MarketSnapshot = z.output<typeof MarketSnapshot>;

/** What the bodies say, or why they say nothing. */
export const readQuotes = readerOf(Quotes);
export const readMarketSnapshot = readerOf(MarketSnapshot);
