// What an operator may limit, and what an order that goes beyond it is told.
import { z } from 'zod';
import { Decimal, NonNegativeDecimal } from './primitives.ts';

/**
 * Every limit is the most that is allowed, in the unit of its kind. Those in money are in the account's currency.
 * Days begin at midnight UTC.
 */
export const LimitKind = z.enum([
  /** Lots of one order. */
  'order-volume',
  /** What one order moves, in money. */
  'order-notional',
  /** Open positions, and orders that may still become one. */
  'open-positions',
  /** Net exposure in one instrument, in money, once everything has filled that only adds to it. */
  'instrument-exposure',
  /** Orders in the second that runs; a person reaches no such pace, so what does may only close from then on. */
  'orders-per-second',
  /** Orders that the broker rejected one after the other for the same reason; beyond it the account may only close. */
  'rejections-in-a-row',
  /** Orders in the last 60 seconds. */
  'orders-per-minute',
  /** Orders since the day began. */
  'orders-per-day',
  /** What the account lost since the day began, open positions included, in money. */
  'day-loss',
  /** How far the price of an order is from the last quote, in percent of it. */
  'price-band',
  /** Age of the last quote in seconds. */
  'quote-age',
]);
export type LimitKind = z.output<typeof LimitKind>;

/** The limit that stopped an order: whose it is, what it allows, and what was found. `found` null: nobody knows. */
export const LimitBreach = z.strictObject({
  limit: LimitKind,
  of: z.enum(['account', 'trader', 'everyone']),
  allowed: NonNegativeDecimal,
  found: Decimal.nullable(),
});
export type LimitBreach = z.output<typeof LimitBreach>;
