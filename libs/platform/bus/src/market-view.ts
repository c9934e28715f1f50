import { ConversionRates } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import {
  readMarketSnapshot,
  readQuotes,
  type MarketSnapshot,
  type PriceState,
  type Quote,
  type Quotes,
} from '@core/contracts/market/quote';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Instant, Instrument, Venue } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';

/** How a price stands, and since when. */
export interface PriceStanding {
  readonly state: PriceState;
  /** Null where it was live from the beginning. */
  readonly since: Instant | null;
}

const LIVE: PriceStanding = { state: 'live', since: null };

/** Messages that may be lost before a venue counts as silent. */
const MISSED_MAX = 5;

class VenueView {
  instruments: ReadonlyMap<Instrument, InstrumentSpec> | null = null;
  private readonly quotes = new Map<Instrument, Quote>();
  private readonly standings = new Map<Instrument, PriceStanding>();
  /** Counts what changed. */
  revision = 0;
  private heardMs = 0;
  private nextMs: number | null = null;
  /** Since when nobody speaks for it. */
  silence: PriceStanding | null = null;
  /** What is known of it, however old. */
  last: PricedMarket = this.pricedBy((instrument) => this.quote(instrument));
  /** What is known to be so: a stale price is none. */
  known: PricedMarket = this.pricedBy((instrument) => this.knownQuote(instrument));

  describe(instruments: readonly InstrumentSpec[]): void {
    this.instruments = new Map(instruments.map((spec) => [spec.instrument, spec]));
    Object.assign(this.last, this.pricedBy(this.last.quote));
    Object.assign(this.known, this.pricedBy(this.known.quote));
  }

  hear({ quotes, states = [], nextMs }: Omit<Quotes, 'venue'>, nowMs: number): boolean {
    const wasSilent = this.silence !== null;
    this.heardMs = nowMs;
    this.nextMs = nextMs ?? null;
    this.silence = null;
    for (const quote of quotes) this.quotes.set(quote.instrument, quote);
    for (const { instrument, state, since } of states) this.standings.set(instrument, { state, since });
    return wasSilent || quotes.length + states.length > 0;
  }

  /** Whether it has just fallen silent. */
  listen(nowMs: number): boolean {
    if (this.nextMs === null || this.silence !== null) return false;
    const silentMs = nowMs - this.heardMs;
    if (silentMs <= MISSED_MAX * this.nextMs) return false;
    this.silence = { state: 'stale', since: instantFromMs(Date.now() - Math.round(silentMs)) };
    return true;
  }

  quote(instrument: Instrument): Quote | null {
    return this.quotes.get(instrument) ?? null;
  }

  standing(instrument: Instrument): PriceStanding {
    const told = this.standings.get(instrument) ?? LIVE;
    return this.silence !== null && told.state !== 'stale' ? this.silence : told;
  }

  count(state: PriceState): number {
    return [...this.quotes.keys()].filter((instrument) => this.standing(instrument).state === state).length;
  }

  private knownQuote(instrument: Instrument): Quote | null {
    return this.standing(instrument).state === 'stale' ? null : this.quote(instrument);
  }

  private pricedBy(quote: PricedMarket['quote']): PricedMarket {
    return { quote, rates: new ConversionRates(this.instruments?.values() ?? [], quote) };
  }
}

/**
 * The market as a process last heard of it, per venue. Nothing of it is remembered across restarts.
 * A venue nobody has spoken of has no instruments (`null`), which is not the same as having none.
 */
export class MarketView {
  private readonly venues = new Map<Venue, VenueView>();
  private readonly quoteListeners: ((quotes: Quotes) => void)[] = [];
  private readonly instrumentListeners: (() => void)[] = [];
  private revision = 0;

  /** `clock` gives milliseconds that only go forward. */
  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** Changes with every change of a quote, its standing or an instrument: a key for caches. */
  get version(): number {
    return this.revision;
  }

  /** The same of one venue: no cache of its prices is stale because others move. */
  versionOf(venue: Venue): number {
    return this.venues.get(venue)?.revision ?? 0;
  }

  /** Takes a body of `subjects.quotes` and gives its quotes; none of anything else, which is ignored. */
  applyQuotes(body: unknown): readonly Quote[] {
    const parsed = readQuotes(body);
    if (!parsed.success) return [];
    if (this.venueOf(parsed.data.venue).hear(parsed.data, this.clock())) this.told(parsed.data);
    return parsed.data.quotes;
  }

  /** Takes a body of `subjects.instruments`; whether it was one. */
  applySnapshot(body: unknown): boolean {
    const parsed = readMarketSnapshot(body);
    if (parsed.success) this.take(parsed.data);
    return parsed.success;
  }

  /** Takes what whoever speaks for the venue answered. */
  take({ venue, instruments, ...said }: MarketSnapshot): void {
    const market = this.venueOf(venue);
    market.describe(instruments);
    market.hear(said, this.clock());
    this.changed(market);
    for (const listener of this.instrumentListeners) listener();
  }

  /** Notices whom nobody speaks for any more: to be called every second or so. */
  listen(): void {
    for (const [venue, market] of this.venues) if (market.listen(this.clock())) this.told({ venue, quotes: [] });
  }

  /** After quotes moved or stand otherwise; for as long as the process lives. */
  onQuotes(listener: (quotes: Quotes) => void): void {
    this.quoteListeners.push(listener);
  }

  /** After a venue told its instruments anew. */
  onInstruments(listener: () => void): void {
    this.instrumentListeners.push(listener);
  }

  instruments(venue: Venue): ReadonlyMap<Instrument, InstrumentSpec> | null {
    return this.venues.get(venue)?.instruments ?? null;
  }

  instrument(venue: Venue, instrument: Instrument): InstrumentSpec | 'unknown' | 'unavailable' {
    const instruments = this.instruments(venue);
    return instruments === null ? 'unavailable' : (instruments.get(instrument) ?? 'unknown');
  }

  /** The last price, however it stands. */
  quote(venue: Venue, instrument: Instrument): Quote | null {
    return this.venues.get(venue)?.quote(instrument) ?? null;
  }

  standing(venue: Venue, instrument: Instrument): PriceStanding {
    return this.venueOf(venue).standing(instrument);
  }

  /** How many prices stand so, of all venues. */
  count(state: PriceState): number {
    return [...this.venues.values()].reduce((sum, market) => sum + market.count(state), 0);
  }

  /** The venue's prices and rates, alive: they stay those of the moment they are read at. A stale price is none. */
  priced(venue: Venue): PricedMarket {
    return this.venueOf(venue).known;
  }

  /** The same with stale prices too. */
  lastPriced(venue: Venue): PricedMarket {
    return this.venueOf(venue).last;
  }

  private told(quotes: Quotes): void {
    this.changed(this.venueOf(quotes.venue));
    for (const listener of this.quoteListeners) listener(quotes);
  }

  private changed(market: VenueView): void {
    this.revision += 1;
    market.revision += 1;
  }

  private venueOf(venue: Venue): VenueView {
    const known = this.venues.get(venue);
    if (known) return known;
    const market = new VenueView();
    this.venues.set(venue, market);
    return market;
  }
}
