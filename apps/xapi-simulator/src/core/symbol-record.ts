import { MarginMode, ProfitMode, QuoteId } from '@core/xapi/wire/enums';
import type { SymbolRecord } from '@core/xapi/wire/market-record';
import { longTimeText } from '@core/xapi/wire/server-clock';
import type { Written } from '@core/xapi/wire/wire-types';
import type { SimulatedInstrument } from './instrument.ts';
import type { MarketPrice } from './market.ts';
import { decimalOf, priceText } from './units.ts';

/** As real servers say it; no document knows the field or its values. */
export const EXECUTION_AT_MARKET = 2;

/** What `getSymbol` tells about an instrument and its price now. */
export function symbolRecord(quote: MarketPrice): Written<SymbolRecord> {
  const { instrument } = quote;
  const { digits } = instrument;
  const isPair = instrument.category === 'FX';
  return {
    ask: priceText(quote.ask, digits),
    bid: priceText(quote.bid, digits),
    categoryName: instrument.category,
    contractSize: instrument.contractSize,
    currency: instrument.currency,
    currencyPair: isPair,
    currencyProfit: instrument.currencyProfit,
    description: instrument.description,
    exemode: EXECUTION_AT_MARKET,
    expiration: null,
    groupName: instrument.group,
    high: priceText(quote.high, digits),
    initialMargin: 0,
    instantMaxVolume: 2_147_483_647,
    leverage: decimalOf(instrument.marginBasisPoints, 2),
    longOnly: !instrument.shortSelling,
    lotMax: decimalOf(instrument.lotMax, 2),
    lotMin: decimalOf(instrument.lotMin, 2),
    lotStep: decimalOf(instrument.lotStep, 2),
    low: priceText(quote.low, digits),
    marginHedged: 0,
    marginHedgedStrong: false,
    marginMaintenance: null,
    marginMode: isPair ? MarginMode.forex : MarginMode.cfdLeveraged,
    percentage: 100,
    pipsPrecision: instrument.pipDigits,
    precision: digits,
    profitMode: isPair ? ProfitMode.forex : ProfitMode.cfd,
    quoteId: quoteIdOf(instrument),
    quoteIdCross: quoteIdOf(instrument),
    shortSelling: instrument.shortSelling,
    spreadRaw: priceText(quote.ask - quote.bid, digits),
    spreadTable: decimalOf(quote.ask - quote.bid, digits - instrument.pipDigits),
    starting: null,
    stepRuleId: instrument.stepRuleId,
    stopsLevel: instrument.stopsLevelPips,
    swap_rollover3days: instrument.tripleSwapDay,
    swapEnable: true,
    swapLong: instrument.swapLong,
    swapShort: instrument.swapShort,
    swapType: instrument.swapType,
    symbol: instrument.symbol,
    tickSize: decimalOf(1, digits),
    tickValue: decimalOf(instrument.contractSize, digits),
    time: quote.timestamp,
    timeString: longTimeText(quote.timestamp),
    trailingEnabled: instrument.trailing,
    type: instrument.type,
  };
}

/** Books with several levels are quoted by depth, the others by a fixed spread. */
export const quoteIdOf = ({ depth }: SimulatedInstrument): number => (depth > 1 ? QuoteId.depth : QuoteId.fixed);
