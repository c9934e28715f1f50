import type { MarketView } from '@core/bus/market-view';
import type { Quote } from '@core/contracts/market/quote';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Currency, Instrument, Venue } from '@core/contracts/primitives';
import { pipValueOf, translateDepth, translateInstrument, translateQuote } from '@core/tradingview/translate/market';
import type { TvDepth, TvInstrument } from '@core/tradingview/wire/market';

interface Text {
  readonly quote: Quote;
  readonly pipValue: string | null;
  readonly json: string;
}

/** One venue's prices as its accounts of one currency see them: with pip values, as JSON made once per change. */
export class PricedVenue {
  readonly priced: PricedMarket;
  private readonly texts = new Map<Instrument, Text>();

  constructor(
    private readonly market: MarketView,
    readonly venue: Venue,
    private readonly currency: Currency | null,
  ) {
    this.priced = market.priced(venue);
  }

  /** Null while the venue has not told its instruments; those without a pip value yet are left out. */
  instruments(): TvInstrument[] | null {
    const instruments = this.market.instruments(this.venue);
    const { currency } = this;
    if (instruments === null || currency === null) return null;
    return [...instruments.values()].flatMap((spec) => translateInstrument(spec, this.priced.rates, currency) ?? []);
  }

  /** Null for an instrument that is unknown or has no price yet. */
  depth(instrument: Instrument): TvDepth | null {
    const quote = this.priced.quote(instrument);
    const spec = this.market.instruments(this.venue)?.get(instrument);
    return quote === null || spec === undefined ? null : translateDepth(quote, spec);
  }

  /** The quote as JSON; null for an instrument that is unknown or has no price yet. */
  quoteJson(instrument: Instrument): string | null {
    const quote = this.priced.quote(instrument);
    const spec = this.market.instruments(this.venue)?.get(instrument);
    if (quote === null || spec === undefined) return null;
    const pipValue = this.currency === null ? null : pipValueOf(spec, this.priced.rates, this.currency);
    const known = this.texts.get(instrument);
    if (known?.quote === quote && known.pipValue === pipValue) return known.json;
    const json = JSON.stringify(translateQuote(quote, pipValue));
    this.texts.set(instrument, { quote, pipValue, json });
    return json;
  }
}
