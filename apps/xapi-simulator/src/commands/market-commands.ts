import { err, ok, type Result } from '@core/kernel/result';
import { commands, MAX_CHART_CANDLES } from '@core/xapi/wire/commands';
import { recordEncoderOf } from '@core/xapi/wire/encode';
import { encodeReply } from '@core/xapi/wire/encode-frames';
import { PriceLevel } from '@core/xapi/wire/enums';
import type { XapiErrorCode } from '@core/xapi/wire/error-codes';
import { SymbolRecord, type Chart } from '@core/xapi/wire/market-record';
import { mediumTimeText } from '@core/xapi/wire/server-clock';
import type { Written } from '@core/xapi/wire/wire-types';
import type { CandleInPoints } from '../core/candle.ts';
import { availableFromMs, isPeriod, MINUTE_MS, periodStartMs } from '../core/periods.ts';
import { levelOf } from '../core/price-level.ts';
import { calendar, stepRules } from '../core/reference.ts';
import { fillerSymbols } from '../core/filler-symbols.ts';
import { EXECUTION_AT_MARKET, symbolRecord } from '../core/symbol-record.ts';
import { hoursOf } from '../core/trading-hours.ts';
import { answering, type Caller, type CommandContext } from './command.ts';

/** What can be asked about instruments and prices. */
export const marketCommands = {
  getAllSymbols: ({ market, behaviour }: CommandContext, { customTag }: Caller): Result<string, XapiErrorCode> => {
    const [like] = market.instruments;
    const records = Array.from(market.all(), (quote) => encodeSymbol(symbolRecord(quote)));
    const fillers = like ? fillerSymbols(like, behaviour().fillerSymbols) : [];
    return ok(encodeReply(`[${[...records, ...fillers].join()}]`, customTag));
  },

  getSymbol: answering(commands.getSymbol, ({ market }, _caller, { symbol }) => {
    const quote = market.find(symbol);
    return quote ? ok(symbolRecord(quote)) : err('BE115');
  }),

  /** Unknown symbols are left out, as are those that did not change since the timestamp. */
  getTickPrices: answering(commands.getTickPrices, ({ market }, _caller, { level, symbols, timestamp }) => {
    const quotations = symbols.flatMap((symbol) => {
      const quote = market.find(symbol);
      if (!quote || quote.timestamp <= timestamp) return [];
      const { depth } = quote.instrument;
      const tick = (each: number) => ({ ...levelOf(quote, each), exemode: EXECUTION_AT_MARKET });
      if (level === PriceLevel.all) return Array.from({ length: depth }, (_, each) => tick(each));
      return level >= 0 && level < depth ? [tick(level)] : [];
    });
    return ok({ quotations });
  }),

  getChartLastRequest: answering(
    commands.getChartLastRequest,
    (context, _caller, { info: { period, start, symbol } }) => {
      return chart(context, symbol, period, start, Infinity, 0);
    },
  ),

  getChartRangeRequest: answering(
    commands.getChartRangeRequest,
    (context, _caller, { info: { period, start, end, symbol, ticks } }) => {
      return chart(context, symbol, period, start, end ?? context.broker.time, ticks ?? 0);
    },
  ),

  getTradingHours: answering(commands.getTradingHours, ({ market }, _caller, { symbols }) => {
    return ok(
      symbols.flatMap((symbol) => {
        const quote = market.find(symbol);
        if (!quote) return [];
        const hours = hoursOf(market.hoursOf(quote.instrument));
        return [{ quotes: hours, symbol, trading: hours }];
      }),
    );
  }),

  getStepRules: answering(commands.getStepRules, () => ok(stepRules)),

  getCalendar: answering(commands.getCalendar, ({ seed, broker }) => ok(calendar(seed, broker.time))),

  getNews: answering(commands.getNews, ({ news, broker }, _caller, { start, end }) => {
    const topics = news.between(start, end === 0 ? broker.time : end);
    return ok(
      topics.map(({ body, key, time, title }) => ({
        ...{ body, bodylen: body.length, key, time },
        ...{ timeString: mediumTimeText(time), title },
      })),
    );
  }),
};

/**
 * Start and end are rounded down to the period and excluded (seed §5.3). Other than 0, `ticks` counts candles from the
 * start, or up to it when negative, and the end is ignored (seed §5.4).
 */
function chart(
  { market, candles, broker }: CommandContext,
  symbol: string,
  period: number,
  start: number,
  end: number,
  ticks: number,
): Result<Written<Chart>, XapiErrorCode> {
  const quote = market.find(symbol);
  if (!quote) return err('BE115');
  if (!isPeriod(period)) return err('BE105');
  const now = broker.time;
  const periodMs = period * MINUTE_MS;
  const asked = ticks === 0 ? (Math.min(end, now) - start) / periodMs : Math.abs(ticks);
  if (asked > MAX_CHART_CANDLES) return err('EX009');
  const [from, to] =
    ticks > 0
      ? [periodStartMs(period, start), Infinity]
      : ticks < 0
        ? [start - 2 * asked * periodMs - LONGEST_CLOSURE_MS, start + 1]
        : [periodStartMs(period, start) + 1, end > now ? Infinity : periodStartMs(period, end)];
  const found = candles.range(quote.instrument, period, Math.max(from, availableFromMs(period, now)), to, now);
  const { digits } = quote.instrument;
  return ok(rateInfos(digits, ticks > 0 ? found.slice(0, ticks) : ticks < 0 ? found.slice(ticks) : found));
}

const encodeSymbol = recordEncoderOf(SymbolRecord);

/** Candles counted backwards may have a closed market between them. */
const LONGEST_CLOSURE_MS = 5 * 86_400_000;

/** Prices in points; high, low and close as shifts from open. */
const rateInfos = (digits: number, candles: readonly CandleInPoints[]): Written<Chart> => ({
  digits,
  rateInfos: candles.map(({ start, open, high, low, close, volume }) => ({
    close: close - open,
    ctm: start,
    ctmString: mediumTimeText(start),
    high: high - open,
    low: low - open,
    open,
    vol: volume,
  })),
});
