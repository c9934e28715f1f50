import { z } from 'zod';
import { Flag, Float, Integer, WireText, Time } from './wire-types.ts';

// Fields in the order in which servers have been seen to send them (wire-behaviour §7); the document sorts by name.
// Fields marked "undocumented" were seen in real traffic only: writers add them, readers may not rely on them.

/** Fields that a streamed record and a snapshot share. Null where wire-behaviour §2.2 lists it. */
const identity = {
  cmd: Integer,
  order: Integer,
  digits: Integer,
  offset: Integer,
  order2: Integer,
  position: Integer,
  symbol: WireText.nullable(),
  comment: WireText.nullable(),
  customComment: WireText.nullable(),
  commission: Float.nullable(),
  storage: Float,
  margin_rate: Float,
  close_price: Float,
  open_price: Float,
  /** Undocumented: 0.0 while open, null once closed. */
  nominalValue: Float.nullish(),
  profit: Float.nullable(),
  volume: Float,
  sl: Float,
  tp: Float,
  closed: Flag,
};

/** STREAMING_TRADE_RECORD, seed §6.7: data of `trade` frames. `type` says whether it is a position, a pending order or a deal. */
export const StreamingTradeRecord = z.object({
  ...identity,
  type: Integer,
  open_time: Time,
  close_time: Time.nullable(),
  expiration: Time.nullable(),
  state: WireText,
});
export type StreamingTradeRecord = z.output<typeof StreamingTradeRecord>;

/** TRADE_RECORD, seed §5.16: what `getTrades`, `getTradeRecords` and `getTradesHistory` return. */
export const TradeRecord = z.object({
  ...identity,
  timestamp: Time,
  /** Undocumented. */
  spread: Integer.nullish(),
  /** Undocumented. */
  taxes: Float.nullish(),
  open_time: Time,
  open_timeString: WireText,
  close_time: Time.nullable(),
  close_timeString: WireText.nullable(),
  expiration: Time.nullable(),
  expirationString: WireText.nullable(),
});
export type TradeRecord = z.output<typeof TradeRecord>;

/** STREAMING_TRADE_STATUS_RECORD, seed §6.8: data of `tradeStatus` frames. `price` is the requested one, not the fill. */
export const StreamingTradeStatusRecord = z.object({
  order: Integer,
  requestStatus: Integer,
  message: WireText.nullable(),
  customComment: WireText.nullable(),
  price: Float,
});
export type StreamingTradeStatusRecord = z.output<typeof StreamingTradeStatusRecord>;

/** Answer of `tradeTransactionStatus`, seed §5.23. `ask` and `bid` echo the requested price (wire-behaviour §5). */
export const TradeTransactionStatus = z.object({
  order: Integer,
  requestStatus: Integer,
  message: WireText.nullable(),
  customComment: WireText.nullable(),
  ask: Float,
  bid: Float,
});
export type TradeTransactionStatus = z.output<typeof TradeTransactionStatus>;

/** STREAMING_PROFIT_RECORD, seed §6.5: data of `profit` frames, about one a second for each open position. */
export const StreamingProfitRecord = z.object({ order: Integer, order2: Integer, position: Integer, profit: Float });
export type StreamingProfitRecord = z.output<typeof StreamingProfitRecord>;

/**
 * TRADE_TRANS_INFO, seed §5.22. `order` is the position for close and modify, the pending order for modify and delete.
 * An absent `cmd` means 0: one client in use leaves it out (wire-behaviour §5).
 */
export const TradeTransInfo = z.object({
  cmd: Integer.optional(),
  customComment: WireText.nullish(),
  expiration: Time.nullish(),
  offset: Integer.nullish(),
  order: Integer.nullish(),
  price: Float,
  sl: Float.nullish(),
  symbol: WireText,
  tp: Float.nullish(),
  type: Integer,
  volume: Float,
});
export type TradeTransInfo = z.output<typeof TradeTransInfo>;
