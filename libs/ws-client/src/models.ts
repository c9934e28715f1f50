// The objects that messages carry, as they stand on the wire. Readers ignore keys that are not named here.

/** Microseconds since 1970-01-01T00:00:00Z: exact in a number until the year 2255. */
export type Micros = number;
export type Metadata = Record<string, string>;

/** A quote of `id`. The rate between equal currencies is 1 and has no names; a rate that nobody knows is 0. */
export interface BidAsk {
  id: string;
  bid: number;
  ask: number;
  date: Micros;
  base: string;
  quote: string;
}

export interface Account {
  id: string;
  trader_id: string;
  currency: string;
  balance: number;
  trading_disabled: boolean;
  leverage: number;
  trading_group: string;
  /** Margin level in percent at which the broker closes positions. */
  stop_out: number;
  create_date: Micros;
  last_update_date: Micros;
  last_update_process_id: string;
  create_process_id: string;
  metadata: Metadata;
}

/** What moved a balance. Expect operation types that you do not know. */
export interface Operation {
  id: string;
  trader_id: string;
  account_id: string;
  operation_type: string;
  process_id: string | null;
  delta: number;
  /** Microseconds like every instant, whatever its name says. */
  date_time_unix_ms: Micros;
  comment: string | null;
  reference_operation_id: string | null;
}

interface Protection {
  tp_in_instrument_price: number | null;
  tp_in_currency: number | null;
  sl_in_instrument_price: number | null;
  sl_in_currency: number | null;
}

export interface Position extends Protection {
  id: string;
  trader_id: string;
  account_id: string;
  asset_pair: string;
  /** An old misspelling of `lots_amount`, always equal to it. */
  lost_amount: number;
  side: 'Buy' | 'Sell';
  /** 0: leverage is the account's. */
  leverage: number;
  create_date: Micros;
  create_process_id: string;
  /** Gross, in `collateral_currency`. */
  profit: number;
  metadata: Metadata;
  last_update_date: Micros;
  last_update_process_id: string;
  asset_open_price: number;
  asset_open_bid_ask: BidAsk;
  open_date: Micros;
  open_process_id: string;
  close_date: Micros | null;
  close_reason: 'ClientCommand' | 'StopOut' | 'TakeProfit' | 'StopLoss' | 'ForceClose' | null;
  asset_close_price: number | null;
  asset_close_bid_ask: BidAsk | null;
  close_process_id: string | null;
  base: string;
  quote: string;
  collateral_currency: string;
  /** Rate from `base` to the collateral. */
  margin_price: number;
  margin_bid_ask: BidAsk;
  /** Rate from `quote` to the collateral. */
  profit_price: number;
  profit_bid_ask: BidAsk;
  swaps: { amount: number; date: Micros }[];
  lots_amount: number;
  /** Units in a lot. */
  lots_size: number;
  /** As charged: positive. */
  commission: number;
}

/** A limit or stop order that stands. */
export interface PendingPosition extends Protection {
  id: string;
  trader_id: string;
  account_id: string;
  asset_pair: string;
  lots_amount: number;
  side: 'Buy' | 'Sell';
  create_date: Micros;
  create_process_id: string;
  metadata: Metadata;
  last_update_date: Micros;
  last_update_process_id: string;
  base: string;
  quote: string;
  collateral_currency: string;
  /** The trigger. */
  desire_price: number;
  lots_size: number;
  /** 0 until executed. */
  execute_price: number;
  order_type: 'Limit' | 'Stop';
  /** The market when the order was placed. */
  init_price: number;
}
