import { z } from 'zod';
import { Flag, Float, Integer, WireText, Time } from './wire-types.ts';

/** SYMBOL_RECORD, seed §5.1, with two fields that real servers send and it does not tell of (wire-behaviour §2.2). */
export const SymbolRecord = z.object({
  ask: Float,
  bid: Float,
  categoryName: WireText,
  contractSize: Integer,
  currency: WireText,
  currencyPair: Flag,
  currencyProfit: WireText,
  description: WireText,
  exemode: Integer.nullish(),
  expiration: Time.nullable(),
  groupName: WireText,
  high: Float,
  initialMargin: Integer,
  /** Lots times 100. */
  instantMaxVolume: Integer,
  /** Percent of the nominal value held as margin: 3.33 is 1:30. */
  leverage: Float,
  longOnly: Flag,
  lotMax: Float,
  lotMin: Float,
  lotStep: Float,
  low: Float,
  marginHedged: Integer,
  marginHedgedStrong: Flag,
  marginMaintenance: Integer.nullable(),
  marginMode: Integer,
  percentage: Float,
  pipsPrecision: Integer,
  precision: Integer,
  profitMode: Integer,
  quoteId: Integer,
  quoteIdCross: Integer.nullish(),
  shortSelling: Flag,
  spreadRaw: Float,
  spreadTable: Float,
  starting: Time.nullable(),
  stepRuleId: Integer,
  stopsLevel: Integer,
  /** The weekday whose rollover counts three times, Monday = 0. */
  swap_rollover3days: Integer,
  swapEnable: Flag,
  swapLong: Float,
  swapShort: Float,
  swapType: Integer,
  symbol: WireText,
  tickSize: Float.nullable(),
  tickValue: Float.nullable(),
  time: Time,
  timeString: WireText,
  trailingEnabled: Flag,
  type: Integer,
});
export type SymbolRecord = z.output<typeof SymbolRecord>;

const quotation = {
  ask: Float,
  askVolume: Integer.nullable(),
  bid: Float,
  bidVolume: Integer.nullable(),
  high: Float,
  level: Integer,
  low: Float,
  spreadRaw: Float,
  spreadTable: Float,
  symbol: WireText,
  timestamp: Time,
};

/** TICK_RECORD, seed §5.15; `exemode` is real servers' (wire-behaviour §2.2). */
export const TickRecord = z.object({ ...quotation, exemode: Integer.nullish() });
export type TickRecord = z.output<typeof TickRecord>;

/** STREAMING_TICK_RECORD, seed §6.6: data of `tickPrices` frames, one for each level. */
export const StreamingTickRecord = z.object({ ...quotation, quoteId: Integer });
export type StreamingTickRecord = z.output<typeof StreamingTickRecord>;

/** RATE_INFO_RECORD, seed §5.3. Prices are whole points; high, low and close are shifts from open. */
export const RateInfoRecord = z.object({
  close: Float,
  ctm: Time,
  ctmString: WireText,
  high: Float,
  low: Float,
  open: Float,
  vol: Float,
});
export type RateInfoRecord = z.output<typeof RateInfoRecord>;

/** Answer of both chart commands, seed §5.3 and §5.4. */
export const Chart = z.object({ digits: Integer, rateInfos: z.array(RateInfoRecord) });
export type Chart = z.output<typeof Chart>;

/** STREAMING_CANDLE_RECORD, seed §6.2: data of `candle` frames, one a minute. Prices, unlike a chart's. */
export const StreamingCandleRecord = z.object({
  close: Float,
  ctm: Time,
  ctmString: WireText,
  high: Float,
  low: Float,
  open: Float,
  quoteId: Integer,
  symbol: WireText,
  vol: Float,
});
export type StreamingCandleRecord = z.output<typeof StreamingCandleRecord>;

/** CHART_LAST_INFO_RECORD, seed §5.3. */
export const ChartLastInfo = z.object({ period: Integer, start: Time, symbol: WireText });
export type ChartLastInfo = z.output<typeof ChartLastInfo>;

/** CHART_RANGE_INFO_RECORD, seed §5.4. With `ticks` other than 0, `end` is ignored and that many candles are counted from `start`. */
export const ChartRangeInfo = z.object({
  end: Time.nullish(),
  period: Integer,
  start: Time,
  symbol: WireText,
  ticks: Integer.nullish(),
});
export type ChartRangeInfo = z.output<typeof ChartRangeInfo>;
