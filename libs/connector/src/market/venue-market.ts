import type { PriceState } from '@core/contracts/market/quote';
import type { Decimal, Instrument, Side, Venue } from '@core/contracts/primitives';
import type { ConnectorMetrics } from '../metrics.ts';
import type { MarketSettings, QuestionSettings } from './market-settings.ts';
import { MarketPublisher, type MarketPublisherParts } from './market-publisher.ts';
import { MarketService, type MarketServiceParts } from './market-service.ts';
import { PriceFeed, type PriceFeedParts, type PricedSession } from './price-feed.ts';
import type { AskedSession } from './broker-questions.ts';
import type { InstrumentSwitches } from './instrument-switches.ts';
import { PriceWatch } from './price-watch.ts';
import { VenueQuotes } from './venue-quotes.ts';

/** What a market needs of a session. */
export type MarketSession = PricedSession & AskedSession;

export type VenueMarketParts = Omit<MarketPublisherParts, 'quotes' | 'settings' | 'metrics' | 'log'> &
  Pick<PriceFeedParts, 'log'> &
  Pick<MarketServiceParts, 'candlesBackMs'> & {
    readonly market: MarketSettings;
    readonly questions: QuestionSettings;
    readonly switches: Pick<InstrumentSwitches, 'isOff'>;
    readonly metrics: Pick<ConnectorMetrics, 'quoted' | 'ticked' | 'unreadable' | 'pricesLagged'>;
    /** A session to ask under; null while there is none. */
    session(): MarketSession | null;
  };

/** One venue's prices, instruments, candles and hours for everyone. The last value wins; nothing is queued. */
export class VenueMarket {
  private readonly quotes: VenueQuotes;
  private readonly feed: PriceFeed;
  private readonly publisher: MarketPublisher;
  private readonly service: MarketService;
  private readonly watch: PriceWatch;

  constructor(venue: Venue, parts: VenueMarketParts) {
    const { metrics, market, questions } = parts;
    this.quotes = new VenueQuotes({
      staleMs: market.pricesStaleMs,
      onMoves({ received, unreadable }) {
        metrics.ticked(venue, received);
        if (unreadable > 0) metrics.unreadable('tick', unreadable);
      },
    });
    const shared = { ...parts, settings: market, quotes: this.quotes };
    this.feed = new PriceFeed(venue, shared);
    this.publisher = new MarketPublisher(venue, shared);
    this.service = new MarketService(venue, { ...parts, settings: questions }, parts.session);
    const { questions: line, hours } = this.service;
    this.watch = new PriceWatch(venue, {
      ...shared,
      ask: (question) => line.ask(question),
      hoursOf: (instruments) => hours.refresh(instruments),
      hours: (instrument) => hours.hours(instrument),
      nowMs: () => line.nowMs,
      resubscribe: (instruments, again) => this.feed.resubscribe(instruments, again),
    });
  }

  start(): void {
    this.publisher.start();
    this.service.start();
    this.feed.start();
    this.watch.start();
  }

  async stop(): Promise<void> {
    this.publisher.stop();
    this.service.stop();
    await Promise.all([this.feed.stop(), this.watch.stop()]);
  }

  /** How many instruments stand so. */
  count(state: PriceState): number {
    return this.quotes.count(state);
  }

  /** How long no price has come on the stream; Infinity where none ever has. */
  get silentMs(): number {
    return this.quotes.nowMs - this.quotes.streamedMs;
  }

  /** The price an order of this side would meet, roughly. */
  price(instrument: Instrument, side: Side): Decimal | null {
    return this.quotes.price(instrument, side);
  }
}
