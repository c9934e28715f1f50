import { Protection, TrailingPoints } from '@core/contracts/events/request';
import {
  ContractTerms,
  Currency,
  Decimal,
  Instant,
  Instrument,
  NonNegativeDecimal,
  OrderKind,
  PositiveDecimal,
  Side,
  Text,
} from '@core/contracts/primitives';
import { z } from 'zod';

const number = z.string().min(1).max(32);
const terms = { instrument: Instrument, contract: ContractTerms, side: Side, volumeLots: PositiveDecimal };

/** An open position. Costs that are not booked yet stand here as the venue adds them: what it takes is negative. */
export const PaperPosition = z.object({
  number,
  /** Of the order that opened it. */
  origin: number,
  ...terms,
  openPrice: PositiveDecimal,
  ...Protection,
  /** How far the stop loss stays behind the best price; null stays where it is. */
  trailingPoints: TrailingPoints,
  /** What it holds back, as of its opening. */
  margin: NonNegativeDecimal,
  commission: Decimal,
  swap: Decimal,
  openedAt: Instant,
  comment: Text.nullable(),
});
export type PaperPosition = z.output<typeof PaperPosition>;

/** A limit or stop order that waits for its price. */
export const PaperOrder = z.object({
  number,
  ...terms,
  kind: OrderKind.exclude(['market']),
  price: PositiveDecimal,
  ...Protection,
  /** Of the position that it will be; orders from before there was any have none. */
  trailingPoints: TrailingPoints.default(null),
  expiresAt: Instant.nullable(),
  placedAt: Instant,
  comment: Text.nullable(),
});
export type PaperOrder = z.output<typeof PaperOrder>;

/** All that stands of an account: what is stored after each change. What was closed and booked is its history. */
export const PaperAccount = z.object({
  /** For good: money of an account is never told in another. */
  currency: Currency,
  balance: Decimal,
  credit: Decimal,
  /** Requests, orders, positions, deals and bookings so far: each has a number of its own. */
  numbers: z.int().min(0),
  /** The last night whose swaps are charged. */
  chargedTo: Instant,
  positions: z.record(number, PaperPosition),
  orders: z.record(number, PaperOrder),
});
export type PaperAccount = z.output<typeof PaperAccount>;

/** Before its first deposit. */
export const emptyAccount = (currency: Currency, at: Instant): PaperAccount => ({
  currency,
  balance: '0',
  credit: '0',
  numbers: 0,
  chargedTo: at,
  positions: {},
  orders: {},
});
