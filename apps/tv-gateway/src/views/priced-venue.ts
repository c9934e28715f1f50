import type { MarketView } from '@core/bus/market-view';
import type { PriceState, Quote } from '@core/contracts/market/quote';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Currency, Instrument, Venue } from '@core/contracts/primitives';
import { pipValueOf, translateDepth, translateInstrument, translateQuote } from '@core/tradingview/translate/market';
import type { TvDepth, TvInstrument } from '@core/tradingview/wire/market';

interface Text {
  readonly quote: Quote;
  readonly state: PriceState;
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

  /**
   * Null while the venue has not told its instruments; those without a pip value yet are left out. An old rate is good
   * enough for what a pip is worth: an instrument does not go and come with its quotes.
   */
  instruments(): TvInstrument[] | null {
    const instruments = this.market.instruments(this.venue);
    const { currency } = this;
    if (instruments === null || currency === null) return null;
    const { rates } = this.market.lastPriced(this.venue);
    return [...instruments.values()].flatMap((spec) => translateInstrument(spec, rates, currency) ?? []);
  }

  /** Null for an instrument that is unknown or has no price yet; empty where nobody knows or makes a market now. */
  depth(instrument: Instrument): TvDepth | null {
    const quote = this.market.quote(this.venue, instrument);
    const spec = this.market.instruments(this.venue)?.get(instrument);
    if (quote === null || spec === undefined) return null;
    const isMade = this.market.standing(this.venue, instrument).state === 'live';
    return translateDepth(isMade ? quote : { ...quote, bids: [], asks: [] }, spec);
  }

  /** The quote as JSON; null for an instrument that is unknown or has no price yet. */
  quoteJson(instrument: Instrument): string | null {
    const quote = this.market.quote(this.venue, instrument);
    const spec = this.market.instruments(this.venue)?.get(instrument);
    if (quote === null || spec === undefined) return null;
    const { state } = this.market.standing(this.venue, instrument);
    const pipValue = this.currency === null ? null : pipValueOf(spec, this.priced.rates, this.currency);
    const known = this.texts.get(instrument);
    if (known?.quote === quote && known.state === state && known.pipValue === pipValue) return known.json;
    const json = JSON.stringify(translateQuote(quote, state, pipValue));
    this.texts.set(instrument, { quote, state, pipValue, json });
    return json;
  }
}
