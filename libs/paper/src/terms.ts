import { Currency, NonNegativeDecimal, PositiveDecimal, Venue } from '@core/contracts/primitives';
import { z } from 'zod';
import { Rollover } from './rollover.ts';

/** What a paper venue is: whose prices it trades at, and on which terms. The endpoint of the venue in the registry. */
export const PaperTerms = z.strictObject({
  /** The venue whose instruments and live quotes it has. */
  quotesOf: Venue,
  currency: Currency,
  /** What an account begins with. */
  balance: NonNegativeDecimal.default('100000'),
  credit: NonNegativeDecimal.default('0'),
  /** The most an instrument gives, as 30 for 1:30; null leaves it to the other venue's margins. */
  leverage: PositiveDecimal.nullable().default(null),
  /** In the account's currency, for opening and closing together; booked with the close. */
  commissionPerLot: NonNegativeDecimal.default('0'),
  /** Positions are closed, the worst first, while equity is no more than so much of the margin. */
  stopOutPercent: z.int().min(0).max(100).default(50),
  rollover: Rollover.prefault({}),
});
export type PaperTerms = z.output<typeof PaperTerms>;
