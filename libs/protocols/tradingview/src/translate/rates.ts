import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { Decimal, Instrument } from '@core/contracts/primitives';
import { add, divide, multiply } from '@core/kernel/decimal';

export type QuoteOf = (instrument: Instrument) => Pick<Quote, 'bid' | 'ask'> | null;

/** Currencies that a cross rate may go through, in order of preference. */
const BRIDGES = ['USD', 'EUR'];

/**
 * What one currency is worth in another, by the venue's own currency pairs at their mid prices.
 * For estimates on a screen: what is booked is converted by the broker.
 */
export class Rates {
  private readonly pairs = new Map<string, Instrument>();

  constructor(
    instruments: Iterable<InstrumentSpec>,
    private readonly quoteOf: QuoteOf,
  ) {
    for (const { category, instrument, contract } of instruments) {
      if (category === 'forex') this.pairs.set(`${contract.baseCurrency}/${contract.quoteCurrency}`, instrument);
    }
  }

  /** Units of `to` for one unit of `from`; null where no quoted pair, nor two by way of a bridge, lead there. */
  rate(from: string, to: string): Decimal | null {
    if (from === to) return '1';
    const direct = this.direct(from, to);
    if (direct !== null) return direct;
    for (const bridge of BRIDGES) {
      const there = this.direct(from, bridge);
      const on = there === null ? null : this.direct(bridge, to);
      if (there !== null && on !== null) return multiply(there, on);
    }
    return null;
  }

  private direct(from: string, to: string): Decimal | null {
    const straight = this.mid(`${from}/${to}`);
    if (straight !== null) return straight;
    const inverse = this.mid(`${to}/${from}`);
    return inverse === null ? null : divide('1', inverse);
  }

  private mid(pair: string): Decimal | null {
    const instrument = this.pairs.get(pair);
    const quote = instrument === undefined ? null : this.quoteOf(instrument);
    return quote === null ? null : multiply(add(quote.bid, quote.ask), '0.5');
  }
}
