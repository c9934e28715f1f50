import { z } from 'zod';
import { CurrentUserData, IbRecord, MarginLevel } from './account-record.ts';
import { Chart, ChartLastInfo, ChartRangeInfo, SymbolRecord, TickRecord } from './market-record.ts';
import { CalendarRecord, NewsTopicRecord, StepRuleRecord, TradingHoursRecord } from './reference-record.ts';
import { TradeRecord, TradeTransactionStatus, TradeTransInfo } from './trade-record.ts';
import { Flag, Float, Integer, WireText, Time } from './wire-types.ts';

const nothing = z.object({});
const timeRange = z.object({ end: Time, start: Time });
const symbolVolume = z.object({ symbol: WireText, volume: Float });

/**
 * Seed §5: every command of the main connection, what it takes and what it returns.
 * `login` answers beside `returnData` (see `LoginReply`); `logout` and `ping` answer with a status alone.
 */
export const commands = {
  login: {
    takes: z.object({
      /** Text by the document; clients in use also send a number. */
      userId: z.union([WireText, Integer]),
      password: WireText,
      appId: WireText.nullish(),
      appName: WireText.nullish(),
    }),
    returns: null,
  },
  logout: { takes: nothing, returns: null },
  ping: { takes: nothing, returns: null },
  getAllSymbols: { takes: nothing, returns: z.array(SymbolRecord) },
  getCalendar: { takes: nothing, returns: z.array(CalendarRecord) },
  getChartLastRequest: { takes: z.object({ info: ChartLastInfo }), returns: Chart },
  getChartRangeRequest: { takes: z.object({ info: ChartRangeInfo }), returns: Chart },
  getCommissionDef: {
    takes: symbolVolume,
    returns: z.object({ commission: Float.nullable(), rateOfExchange: Float.nullable() }),
  },
  getCurrentUserData: { takes: nothing, returns: CurrentUserData },
  getIbsHistory: { takes: timeRange, returns: z.array(IbRecord) },
  getMarginLevel: { takes: nothing, returns: MarginLevel },
  getMarginTrade: { takes: symbolVolume, returns: z.object({ margin: Float }) },
  getNews: { takes: timeRange, returns: z.array(NewsTopicRecord) },
  getProfitCalculation: {
    takes: z.object({ closePrice: Float, cmd: Integer, openPrice: Float, symbol: WireText, volume: Float }),
    returns: z.object({ profit: Float }),
  },
  getServerTime: { takes: nothing, returns: z.object({ time: Time, timeString: WireText }) },
  getStepRules: { takes: nothing, returns: z.array(StepRuleRecord) },
  getSymbol: { takes: z.object({ symbol: WireText }), returns: SymbolRecord },
  getTickPrices: {
    takes: z.object({ level: Integer, symbols: z.array(WireText), timestamp: Time }),
    returns: z.object({ quotations: z.array(TickRecord) }),
  },
  getTradeRecords: { takes: z.object({ orders: z.array(Integer) }), returns: z.array(TradeRecord) },
  getTrades: { takes: z.object({ openedOnly: Flag }), returns: z.array(TradeRecord) },
  getTradesHistory: { takes: timeRange, returns: z.array(TradeRecord) },
  getTradingHours: { takes: z.object({ symbols: z.array(WireText) }), returns: z.array(TradingHoursRecord) },
  getVersion: { takes: nothing, returns: z.object({ version: WireText }) },
  tradeTransaction: { takes: z.object({ tradeTransInfo: TradeTransInfo }), returns: z.object({ order: Integer }) },
  tradeTransactionStatus: { takes: z.object({ order: Integer }), returns: TradeTransactionStatus },
} as const;

export type CommandName = keyof typeof commands;
export type CommandArguments<Name extends CommandName> = z.output<(typeof commands)[Name]['takes']>;

/** The longest command a server takes, in bytes (seed §4.1); longer ones cost the connection. */
export const MAX_COMMAND_BYTES = 1024;

/** A chart command that could return more is refused with EX009 (seed §7). */
export const MAX_CHART_CANDLES = 50_000;
