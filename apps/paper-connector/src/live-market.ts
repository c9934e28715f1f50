import type { ConversionRates } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { Decimal, Instant, Instrument, Venue } from '@core/contracts/primitives';
import { divide, maximum } from '@core/kernel/decimal';
import { toMs } from '@core/kernel/instant';
import type { PaperMarket } from '@core/paper/paper-market';
import type { QuoteSettings } from './config.ts';
import type { QuoteSource } from './quote-source.ts';

/** Of the other venue's words, so that ours fit behind them. */
const DESCRIPTION_MAX = 440;

/** Another venue's market under a paper venue's name and leverage, and what of it may be traded at. */
export class LiveMarket implements PaperMarket {
  constructor(
    private readonly venue: Venue,
    private readonly leverage: Decimal | null,
    readonly source: QuoteSource,
    private readonly settings: QuoteSettings,
    private readonly now: () => Instant,
  ) {}

  get rates(): ConversionRates {
    return this.source.priced.rates;
  }

  get bookedRates(): ConversionRates {
    return this.source.bookedRates;
  }

  quote(instrument: Instrument): Quote | null {
    return this.source.priced.quote(instrument);
  }

  /** A price that is old, that its venue does not stand by, or of a venue that fell silent, is none. */
  live(instrument: Instrument): Quote | null {
    const quote = this.quote(instrument);
    if (quote === null || this.source.state(instrument) !== 'live' || this.source.silentMs > this.settings.silenceMs)
      return null;
    return toMs(this.now()) - toMs(quote.time) <= this.settings.ageMs ? quote : null;
  }

  /** A price that nobody stands by is no market; one that is old and stood by, one that rests. */
  refusal(instrument: Instrument) {
    const state = this.source.state(instrument);
    if (state === 'off') return 'instrument-disabled';
    return state === 'stale' ? 'off-quotes' : 'market-closed';
  }

  /** What the other venue stands by, however long it has not moved. */
  standing(instrument: Instrument): Quote | null {
    return this.source.state(instrument) === 'live' ? this.quote(instrument) : null;
  }

  instrument(instrument: Instrument): InstrumentSpec | null {
    const spec = this.source.instruments?.get(instrument);
    return spec ? this.ours(spec) : null;
  }

  get instruments(): InstrumentSpec[] {
    return [...(this.source.instruments?.values() ?? [])].map((spec) => this.ours(spec));
  }

  private ours(spec: InstrumentSpec): InstrumentSpec {
    const description = `${spec.description.slice(0, DESCRIPTION_MAX)} (paper, prices of ${this.source.venue})`;
    const least = this.leverage === null ? '0' : divide('100', this.leverage, 4);
    return { ...spec, venue: this.venue, description, marginPercent: maximum(spec.marginPercent, least) };
  }
}
