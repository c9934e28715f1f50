import { z } from 'zod';
import { Instant, Instrument, PositiveDecimal, Uuid, Venue } from '../primitives.ts';
import { readerOf } from '../reader-of.ts';

/** A price that is not what it was. */
const PriceChange = z.object({
  instrument: Instrument,
  bid: PositiveDecimal,
  ask: PositiveDecimal,
  /** The moment it counts for: never before the one of the last change of the instrument. */
  at: Instant,
  /** Its bid changed, and bars count it; otherwise the ask alone did. */
  isTick: z.boolean(),
});
export type PriceChange = z.output<typeof PriceChange>;

/** Body of `subjects.ticks`: what the owner of the venue's bars counted, in its order. */
export const Ticks = z.object({
  venue: Venue,
  /** Whoever owns the bars, since it took them over: what another one told before, and this one did not hear, is missing. */
  owner: Uuid,
  /** Counts this owner's messages from 1 on: whoever sees a hole has missed some. */
  number: z.int().min(1),
  changes: z.array(PriceChange),
});
export type Ticks = z.output<typeof Ticks>;

/** What a body says, or why it says nothing. */
export const readTicks = readerOf(Ticks);
