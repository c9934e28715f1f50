import { z } from 'zod';
import { Flag, Float, Integer, WireText, Time } from './wire-types.ts';

/** Undocumented fields of both balance records, seen in real traffic. */
const stockFields = {
  equityFX: Float.nullish(),
  stockValue: Float.nullish(),
  stockLock: Float.nullish(),
  cashStockValue: Float.nullish(),
};

/** STREAMING_BALANCE_RECORD, seed §6.1: data of `balance` frames. */
export const StreamingBalanceRecord = z.object({
  balance: Float,
  credit: Float,
  equity: Float,
  margin: Float,
  marginFree: Float,
  marginLevel: Float,
  ...stockFields,
});
export type StreamingBalanceRecord = z.output<typeof StreamingBalanceRecord>;

/** Answer of `getMarginLevel`, seed §5.8. The same figures as the stream's, under other names. */
export const MarginLevel = z.object({
  balance: Float,
  credit: Float,
  currency: WireText,
  equity: Float,
  margin: Float,
  margin_free: Float,
  margin_level: Float,
  ...stockFields,
});
export type MarginLevel = z.output<typeof MarginLevel>;

/** Answer of `getCurrentUserData`, seed §5.6. `leverageMultiplier` / 100 is the leverage; `leverage` is always 1. */
export const CurrentUserData = z.object({
  companyUnit: Integer,
  currency: WireText,
  group: WireText,
  ibAccount: Flag,
  leverage: Integer,
  leverageMultiplier: Float,
  spreadType: WireText.nullable(),
  trailingStop: Flag,
});
export type CurrentUserData = z.output<typeof CurrentUserData>;

/** IB_RECORD, seed §5.7. Anything may be null: not every login is allowed to see it. */
export const IbRecord = z.object({
  closePrice: Float.nullable(),
  login: WireText.nullable(),
  nominal: Float.nullable(),
  openPrice: Float.nullable(),
  side: Integer.nullable(),
  surname: WireText.nullable(),
  symbol: WireText.nullable(),
  timestamp: Time.nullable(),
  volume: Float.nullable(),
});
export type IbRecord = z.output<typeof IbRecord>;

/** Data of `keepAlive` frames, seed §6.3: every 3 seconds, and the server's clock. */
export const StreamingKeepAliveRecord = z.object({ timestamp: Time });
export type StreamingKeepAliveRecord = z.output<typeof StreamingKeepAliveRecord>;
