import type { StreamingTickRecord } from '@core/xapi/wire/market-record';
import type { Written } from '@core/xapi/wire/wire-types';
import type { MarketPrice } from './market.ts';
import { quoteIdOf } from './symbol-record.ts';
import { decimalOf, priceText } from './units.ts';

/** One level of an instrument's order book, 0 the base: each further one is half a spread worse and larger. */
export function levelOf(quote: MarketPrice, level: number): Written<StreamingTickRecord> {
  const { instrument, timestamp } = quote;
  const { digits, symbol } = instrument;
  const away = Math.ceil((level * instrument.spread) / 2);
  const [bid, ask] = [quote.bid - away, quote.ask + away];
  return {
    ask: priceText(ask, digits),
    askVolume: quote.askVolume * (level + 1),
    bid: priceText(bid, digits),
    bidVolume: quote.bidVolume * (level + 1),
    high: priceText(quote.high, digits),
    level,
    low: priceText(quote.low, digits),
    spreadRaw: priceText(ask - bid, digits),
    spreadTable: decimalOf(ask - bid, digits - instrument.pipDigits),
    symbol,
    timestamp,
    quoteId: quoteIdOf(instrument),
  };
}
