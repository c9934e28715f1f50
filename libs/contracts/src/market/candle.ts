import { z } from 'zod';
import { Decimal, Instant, Instrument, NonNegativeDecimal, Venue } from '../primitives.ts';
import { MarketFailure } from './failure.ts';

/** Most candles of one answer. */
export const CANDLES_MAX = 5_000;

/** Minutes (M), hours (H), days (D), weeks (W) and months (MN). */
export const CandlePeriod = z.enum(['M1', 'M5', 'M15', 'M30', 'H1', 'H4', 'D1', 'W1', 'MN1']);
export type CandlePeriod = z.output<typeof CandlePeriod>;

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** The usual length of each; from four hours on they follow the wall clock of their venue. */
export const PERIOD_MS: Readonly<Record<CandlePeriod, number>> = {
  M1: MINUTE_MS,
  M5: 5 * MINUTE_MS,
  M15: 15 * MINUTE_MS,
  M30: 30 * MINUTE_MS,
  H1: 60 * MINUTE_MS,
  H4: 240 * MINUTE_MS,
  D1: DAY_MS,
  W1: 7 * DAY_MS,
  MN1: 30 * DAY_MS,
};

/** Bid prices of one period. They may be negative: some markets have been. */
export const Candle = z.object({
  openedAt: Instant,
  open: Decimal,
  high: Decimal,
  low: Decimal,
  close: Decimal,
  /** As the venue counts it: lots, or ticks where it knows none. */
  volume: NonNegativeDecimal,
});
export type Candle = z.output<typeof Candle>;

const which = { venue: Venue, instrument: Instrument, period: CandlePeriod };
/** Candles that opened before it; null is now, the running candle included. */
const to = Instant.nullable();

/** Body of a request to `subjects.candles`: a range that begins with `from`, or the last `count` of those before `to`. */
export const CandleRequest = z.union([
  z.strictObject({ ...which, from: Instant, to }),
  z.strictObject({ ...which, count: z.int().min(1).max(CANDLES_MAX), to }),
]);
export type CandleRequest = z.output<typeof CandleRequest>;

export const Candles = z.object({
  ok: z.literal(true),
  ...which,
  /** Oldest first, each `openedAt` once. The last one may still be running; the others have ended. */
  candles: z.array(Candle).max(CANDLES_MAX),
  /** Where the rest begins: `from` of the next request for a range, `to` of the next for a count; null: that is all. */
  more: Instant.nullable(),
  /** Of what opened before it the venue tells nothing, which is not the same as there being none. */
  toldFrom: Instant.optional(),
});
export type Candles = z.output<typeof Candles>;

/** Answer to `subjects.candles`. */
export const CandlesAnswer = z.discriminatedUnion('ok', [Candles, MarketFailure]);
export type CandlesAnswer = z.output<typeof CandlesAnswer>;
