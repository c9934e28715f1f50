import type { MarketView } from '@core/bus/market-view';
import type { PriceState, Quote } from '@core/contracts/market/quote';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Currency, Instrument, Venue } from '@core/contracts/primitives';
import type { Language } from '@core/kernel/language';
import { BoundedMap } from '@core/kernel/bounded-map';
import { pipValueOf, translateDepth, translateInstrument, translateQuote } from '@core/tradingview/translate/market';
import { orderDialog } from '@core/tradingview/translate/order-dialog';
import { refusalText } from '@core/tradingview/translate/words';
import type { TvDepth, TvInstrument } from '@core/tradingview/wire/market';
import type { SymbolMapping } from '../accounts/symbol-mapping.ts';
import { Refused } from '../refused.ts';
import type { InstrumentBounds } from '../trading/venue-slippage.ts';
import { ByLanguage } from './by-language.ts';
import { Cached } from './cached.ts';
import { preparedAnswer, type PreparedAnswer } from './prepared-answer.ts';
import { symbolsIn } from './symbols.ts';

/** Most lists of quotes that are kept as they go out; each is no longer than an address. */
const LISTS_MAX = 1_000;
/** What is said of a venue is made of no account's events. */
const NO_EVENTS = 0;

interface Text {
  readonly quote: Quote;
  readonly state: PriceState;
  readonly pipValue: string | null;
  readonly shortable: boolean;
  readonly json: string;
}

/** One venue's prices as its accounts of one currency see them: with pip values, as JSON made once per change. */
export class PricedVenue {
  readonly priced: PricedMarket;
  private readonly texts = new Map<Instrument, Text>();
  /** By what single instruments have of their own, for as long as that holds. */
  private readonly offered = new WeakMap<InstrumentBounds, ByLanguage<Cached<PreparedAnswer>>>();
  /** By what was asked: every page asks for its own instruments, again and again. */
  private readonly lists = new BoundedMap<unknown, Cached<PreparedAnswer>>(LISTS_MAX);

  constructor(
    private readonly market: MarketView,
    readonly venue: Venue,
    readonly currency: Currency | null,
    private readonly mapping: Pick<SymbolMapping, 'offers'>,
  ) {
    this.priced = market.priced(venue);
  }

  /**
   * Those without a pip value yet are left out. An old rate is good enough for what a pip is worth: an instrument does
   * not go and come with its quotes. `bounds` are how far the prices of single ones may slip, where that is not as far
   * as the account's. Throws `Refused` while the venue has not told its instruments.
   */
  instruments(bounds: InstrumentBounds, language: Language): PreparedAnswer {
    const known = this.offered.get(bounds);
    const offered = known ?? new ByLanguage(() => new Cached());
    if (!known) this.offered.set(bounds, offered);
    return this.upToDate(offered.in(language), () => JSON.stringify(this.listed(bounds, language)), language);
  }

  /** Of a comma-separated list, those that have a price; throws `Refused` where none has, or for no list of so many. */
  quotes(list: unknown, symbolsMax: number): PreparedAnswer {
    const known = this.lists.get(list);
    const cached = known ?? new Cached();
    const answer = this.upToDate(cached, () => {
      const quotes = symbolsIn(list, symbolsMax).flatMap((symbol) => this.quoteJson(symbol) ?? []);
      if (quotes.length === 0) throw new Refused({ key: 'market.noPrices' });
      return `[${quotes.join(',')}]`;
    });
    if (!known) this.lists.set(list, cached);
    return answer;
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
    const { shortable } = spec;
    if (known?.quote === quote && known.state === state && known.pipValue === pipValue && known.shortable === shortable)
      return known.json;
    const json = JSON.stringify(translateQuote(quote, state, { pipValue, shortable }));
    this.texts.set(instrument, { quote, state, pipValue, shortable, json });
    return json;
  }

  private listed(bounds: InstrumentBounds, language: Language): TvInstrument[] {
    const instruments = this.market.instruments(this.venue);
    const { currency } = this;
    if (instruments === null || currency === null) throw new Refused(refusalText('instruments-unavailable'));
    const { rates } = this.market.lastPriced(this.venue);
    const offered = [...instruments.values()].filter(({ instrument }) => this.mapping.offers(instrument));
    return offered.flatMap((spec) => {
      const bound = bounds.get(spec.instrument);
      return (
        translateInstrument(spec, rates, currency, bound === undefined ? null : orderDialog(bound, language)) ?? []
      );
    });
  }

  private upToDate(
    cached: Cached<PreparedAnswer>,
    json: () => string,
    language: Language | null = null,
  ): PreparedAnswer {
    const prices = (): number => this.market.versionOf(this.venue);
    return cached.get(NO_EVENTS, prices, 0, () => ({
      value: preparedAnswer(json(), language),
      ...{ until: Infinity, isPriced: true },
    }));
  }
}
