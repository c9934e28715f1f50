import { ConversionRates } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { MarketSnapshot, Quotes, type Quote } from '@core/contracts/market/quote';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Instrument, Venue } from '@core/contracts/primitives';

class VenueView implements PricedMarket {
  instruments: ReadonlyMap<Instrument, InstrumentSpec> | null = null;
  readonly quotes = new Map<Instrument, Quote>();
  rates = this.ratesOf([]);

  describe(instruments: readonly InstrumentSpec[]): void {
    this.instruments = new Map(instruments.map((spec) => [spec.instrument, spec]));
    this.rates = this.ratesOf(instruments);
  }

  quote(instrument: Instrument): Quote | null {
    return this.quotes.get(instrument) ?? null;
  }

  private ratesOf(instruments: readonly InstrumentSpec[]): ConversionRates {
    return new ConversionRates(instruments, (instrument) => this.quote(instrument));
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

  /** Changes with every change of a quote or an instrument: a key for caches. */
  get version(): number {
    return this.revision;
  }

  /** Takes a body of `subjects.quotes` and gives its quotes; none of anything else, which is ignored. */
  applyQuotes(body: unknown): readonly Quote[] {
    const parsed = Quotes.safeParse(body);
    if (!parsed.success) return [];
    const { quotes } = this.venueOf(parsed.data.venue);
    for (const quote of parsed.data.quotes) quotes.set(quote.instrument, quote);
    this.revision += 1;
    for (const listener of this.quoteListeners) listener(parsed.data);
    return parsed.data.quotes;
  }

  /** Takes a body of `subjects.instruments`; whether it was one. */
  applySnapshot(body: unknown): boolean {
    const parsed = MarketSnapshot.safeParse(body);
    if (parsed.success) this.take(parsed.data);
    return parsed.success;
  }

  /** Takes what whoever speaks for the venue answered. */
  take({ venue, instruments, quotes }: MarketSnapshot): void {
    const market = this.venueOf(venue);
    market.describe(instruments);
    for (const quote of quotes) market.quotes.set(quote.instrument, quote);
    this.revision += 1;
    for (const listener of this.instrumentListeners) listener();
  }

  /** After quotes that moved were taken; for as long as the process lives. */
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

  quote(venue: Venue, instrument: Instrument): Quote | null {
    return this.venues.get(venue)?.quote(instrument) ?? null;
  }

  /** The venue's prices and rates, alive: they stay those of the moment they are read at. */
  priced(venue: Venue): PricedMarket {
    return this.venueOf(venue);
  }

  private venueOf(venue: Venue): VenueView {
    const known = this.venues.get(venue);
    if (known) return known;
    const market = new VenueView();
    this.venues.set(venue, market);
    return market;
  }
}
