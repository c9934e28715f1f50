import { MarketView } from '@core/bus/market-view';
import type { Venue } from '@core/contracts/primitives';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Traders } from '../accounts/traders.ts';
import { MarketSettings } from '../config.ts';

/** Asks the connector of a venue for its instruments and last prices. */
export abstract class MarketSource {
  /** Whether one answered. */
  abstract fetch(market: MarketView, venue: Venue): Promise<boolean>;
  /** Calls back when prices may have been missed. */
  abstract onReconnect(listener: () => void): void;
}

/** Sees to it that the market of every venue is known: prices are broadcast, but whoever starts later asks. */
@Injectable()
export class VenueWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(VenueWatch.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  /** Null when they must be read again. */
  private venues: readonly Venue[] | null = null;

  constructor(
    private readonly settings: MarketSettings,
    private readonly traders: Traders,
    private readonly market: MarketView,
    private readonly source: MarketSource,
  ) {}

  onApplicationBootstrap(): void {
    this.lookAgain();
    this.source.onReconnect(() => this.askAll());
    this.timer = setInterval(() => this.look(), this.settings.marketRetryMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** The registry or the connection changed. */
  lookAgain(): void {
    this.venues = null;
    this.look();
  }

  private askAll(): void {
    for (const venue of this.venues ?? []) void this.source.fetch(this.market, venue);
  }

  /** One round at a time; what fails is tried again with the next. */
  private look(): void {
    this.looking ??= this.askUnknown().then(
      () => void (this.looking = null),
      (error: unknown) => {
        this.looking = null;
        this.log.warn({ err: error, msg: 'venues could not be read' });
      },
    );
  }

  private async askUnknown(): Promise<void> {
    this.venues ??= await this.traders.venues();
    const unknown = this.venues.filter((venue) => this.market.instruments(venue) === null);
    await Promise.all(unknown.map((venue) => this.source.fetch(this.market, venue)));
  }
}
