// The objects that events carry. Keys stand in the protocol's order, and are written in that order.
import { Decimal, Instant } from '@core/contracts/primitives';
import { fromNumber, toNumber } from '@core/kernel/decimal';
import { instantFromMicros, toMicros } from '@core/kernel/instant';
import { z } from 'zod';

/** A JSON number outside, an exact decimal inside. */
export const Amount = z.codec(z.number(), Decimal, { decode: fromNumber, encode: toNumber });

/** Microseconds since the epoch outside, whatever the key's name says. */
export const Micros = z.codec(z.int(), Instant, { decode: instantFromMicros, encode: toMicros });

const Metadata = z.record(z.string(), z.string());

/** A quote. The identity rate between equal currencies is 1 and has no names. */
export const BidAsk = z.object({
  id: z.string(),
  bid: Amount,
  ask: Amount,
  date: Micros,
  base: z.string(),
  quote: z.string(),
});
export type BidAsk = z.output<typeof BidAsk>;

export const Account = z.object({
  id: z.string(),
  trader_id: z.string(),
  currency: z.string(),
  balance: Amount,
  trading_disabled: z.boolean(),
  leverage: Amount,
  trading_group: z.string(),
  /** Percent of margin level at which the broker closes positions. */
  stop_out: Amount,
  create_date: Micros,
  last_update_date: Micros,
  last_update_process_id: z.string(),
  create_process_id: z.string(),
  metadata: Metadata,
});
export type Account = z.output<typeof Account>;

/** What moved a balance. Readers must expect types that are not in this list. */
export const Operation = z.object({
  id: z.string(),
  trader_id: z.string(),
  account_id: z.string(),
  operation_type: z.string(),
  process_id: z.string().nullable(),
  delta: Amount,
  date_time_unix_ms: Micros,
  comment: z.string().nullable(),
  reference_operation_id: z.string().nullable(),
});
export type Operation = z.output<typeof Operation>;

const Swap = z.object({ amount: Amount, date: Micros });

const Side = z.enum(['Buy', 'Sell']);

export const WireCloseReason = z.enum(['ClientCommand', 'StopOut', 'TakeProfit', 'StopLoss', 'ForceClose']);
export type WireCloseReason = z.output<typeof WireCloseReason>;

const Protection = {
  tp_in_instrument_price: Amount.nullable(),
  tp_in_currency: Amount.nullable(),
  sl_in_instrument_price: Amount.nullable(),
  sl_in_currency: Amount.nullable(),
};

/** `lost_amount` is an old misspelling of `lots_amount` and always equal to it. */
export const Position = z.object({
  id: z.string(),
  trader_id: z.string(),
  account_id: z.string(),
  asset_pair: z.string(),
  lost_amount: Amount,
  side: Side,
  /** Of the isolated-margin model: 0 where margin is the account's. */
  leverage: Amount,
  create_date: Micros,
  ...Protection,
  create_process_id: z.string(),
  /** Gross, in `collateral_currency`. */
  profit: Amount,
  metadata: Metadata,
  last_update_date: Micros,
  last_update_process_id: z.string(),
  asset_open_price: Amount,
  asset_open_bid_ask: BidAsk,
  open_date: Micros,
  open_process_id: z.string(),
  close_date: Micros.nullable(),
  close_reason: WireCloseReason.nullable(),
  asset_close_price: Amount.nullable(),
  asset_close_bid_ask: BidAsk.nullable(),
  close_process_id: z.string().nullable(),
  base: z.string(),
  quote: z.string(),
  collateral_currency: z.string(),
  /** Rate from `base` to the collateral. */
  margin_price: Amount,
  margin_bid_ask: BidAsk,
  /** Rate from `quote` to the collateral. */
  profit_price: Amount,
  profit_bid_ask: BidAsk,
  swaps: z.array(Swap),
  lots_amount: Amount,
  /** Units in a lot. */
  lots_size: Amount,
  /** As charged: positive. */
  commission: Amount,
});
export type Position = z.output<typeof Position>;

export const PendingPosition = z.object({
  id: z.string(),
  trader_id: z.string(),
  account_id: z.string(),
  asset_pair: z.string(),
  lots_amount: Amount,
  side: Side,
  create_date: Micros,
  ...Protection,
  create_process_id: z.string(),
  metadata: Metadata,
  last_update_date: Micros,
  last_update_process_id: z.string(),
  base: z.string(),
  quote: z.string(),
  collateral_currency: z.string(),
  /** The trigger. */
  desire_price: Amount,
  lots_size: Amount,
  /** 0 until executed. */
  execute_price: Amount,
  order_type: z.enum(['Limit', 'Stop']),
  /** The market when the order was placed. */
  init_price: Amount,
});
export type PendingPosition = z.output<typeof PendingPosition>;
