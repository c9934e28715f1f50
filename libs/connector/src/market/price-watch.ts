import { isOpenAt } from '@core/contracts/market/hours';
import type { TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Instrument, Venue } from '@core/contracts/primitives';
import type { BrokerSession } from '../broker-adapter.ts';
import { BrokerFailure } from '../broker-failure.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import type { InstrumentSwitches } from './instrument-switches.ts';
import type { MarketSettings } from './market-settings.ts';
import type { VenueCatalog } from './venue-catalog.ts';
import type { VenueQuotes } from './venue-quotes.ts';

export interface PriceWatchParts {
  readonly settings: Pick<MarketSettings, 'askPricesMs' | 'tickInstrumentsMax'>;
  readonly catalog: VenueCatalog;
  readonly quotes: VenueQuotes;
  readonly switches: Pick<InstrumentSwitches, 'isOff'>;
  readonly metrics: Pick<ConnectorMetrics, 'pricesLagged'>;
  readonly log: Pick<Console, 'warn'>;
  /** Asks under any session; rejects with a `BrokerFailure`. */
  ask<Answer>(question: (session: Pick<BrokerSession, 'quotes'>) => Promise<Answer>): Promise<Answer>;
  /** Hours of these as far as the broker tells them; rejects with a `BrokerFailure`. */
  hoursOf(instruments: readonly Instrument[]): Promise<void>;
  hours(instrument: Instrument): TradingHours | null;
  /** Now, in the broker's clock. */
  nowMs(): number;
  /** Asks the stream for these again; `again`, how often in a row it has been found to lag. */
  resubscribe(instruments: readonly InstrumentSpec[], again: number): Promise<void>;
}

/** Most prices that are asked for in one look: the rest is for the next. */
const ASKED_MAX = 200;
const NAMES_SHOWN = 5;

/**
 * Tells a market that is quiet from a stream that hangs: what has not moved for a while is asked for. What the broker
 * then says is the price in either case; where it is another one than the stream told, the stream lags.
 */
export class PriceWatch {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  /** Looks in a row that found the stream lagging, and when the last of them did. */
  private lags = 0;
  private laggedMs = -Infinity;

  constructor(
    private readonly venue: Venue,
    private readonly parts: PriceWatchParts,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.update(); // a look may take long where nobody answers
      this.looking ??= this.look().finally(() => (this.looking = null));
    }, this.parts.settings.askPricesMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** One look; resolves when all that is quiet was asked for, or nobody could be asked. */
  async look(): Promise<void> {
    const { hoursOf } = this.parts;
    try {
      const quiet = this.quiet();
      await hoursOf(quiet.map(({ instrument }) => instrument));
      await this.askFor(quiet.filter(({ instrument }) => !this.isClosed(instrument)));
      await this.mend();
    } catch (error) {
      if (!(error instanceof BrokerFailure)) throw error; // nobody to ask: prices grow old, and that is said
    } finally {
      this.update();
    }
  }

  private update(): void {
    const { quotes } = this.parts;
    quotes.update((instrument) => ({ isOff: this.isOff(instrument), isClosed: this.isClosed(instrument) }));
  }

  /** What the stream owes is asked of it again, and where that does not help of another one, ever more seldom. */
  private async mend(): Promise<void> {
    const { quotes, settings, log, metrics, resubscribe } = this.parts;
    const lagging = quotes.lagging(settings.askPricesMs);
    if (lagging.size === 0) {
      if (quotes.streamedMs > this.laggedMs) this.lags = 0;
      return;
    }
    this.lags += 1;
    this.laggedMs = quotes.nowMs;
    metrics.pricesLagged(this.venue, lagging.size);
    const names = [...lagging].slice(0, NAMES_SHOWN);
    log.warn({ venue: this.venue, instruments: lagging.size, names, msg: 'prices hang: asked for again' });
    await resubscribe(
      this.watched.filter(({ instrument }) => lagging.has(instrument)),
      this.lags,
    );
  }

  private get watched(): readonly InstrumentSpec[] {
    const { settings, catalog } = this.parts;
    return catalog.instruments.slice(0, settings.tickInstrumentsMax);
  }

  /** Those that nobody has stood by for a while and that are not closed, the oldest first. */
  private quiet(): InstrumentSpec[] {
    const { settings, quotes } = this.parts;
    const aged = this.watched
      .map((spec) => ({ spec, ageMs: quotes.ageMs(spec.instrument) }))
      .filter(({ spec, ageMs }) => ageMs >= settings.askPricesMs && !this.isClosed(spec.instrument))
      .sort((one, two) => two.ageMs - one.ageMs);
    return aged.slice(0, ASKED_MAX).map(({ spec }) => spec);
  }

  private async askFor(instruments: readonly InstrumentSpec[]): Promise<void> {
    const { ask, quotes } = this.parts;
    for (let left = instruments; left.length > 0;) {
      const { values, asked } = await ask((session) => session.quotes(left));
      for (const quote of values) quotes.answered(quote);
      left = left.slice(Math.max(1, asked));
    }
  }

  private isClosed(instrument: Instrument): boolean {
    const hours = this.parts.hours(instrument);
    return hours !== null && hours.quotes.length > 0 && !isOpenAt(hours.quotes, hours.zone, this.parts.nowMs());
  }

  private isOff(instrument: Instrument): boolean {
    const { catalog, switches } = this.parts;
    if (switches.isOff(instrument)) return true;
    return catalog.isKnown(instrument) === false || catalog.isTradable(instrument) === false;
  }
}
