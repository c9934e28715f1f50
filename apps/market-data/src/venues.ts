import { onReconnect } from '@core/bus/nats-connection';
import { requireNats } from '@core/bus/nats-readiness';
import { subscribe } from '@core/bus/subscribe';
import type { Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { SingleFlight } from '@core/kernel/single-flight';
import { Registry } from '@core/registry/registry';
import { Health } from '@core/service/health';
import { inBackground } from '@core/service/in-background';
import { DatabaseUrlSettings } from '@core/service/service-settings';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { BarSettings, ChartSettings } from './config.ts';
import { MarketDataMetrics } from './metrics.ts';
import { OwnedVenue } from './owned-venue.ts';
import { MARKET_DATA_NATS } from './tokens.ts';

/** How often the registry is read, though nobody said that it changed. */
const LOOK_MS = 30_000;

/** The venues whose bars this process owns, or waits to own. */
@Injectable()
export class Venues implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly venues = new Map<Venue, OwnedVenue>();
  private readonly looking = new SingleFlight();
  private readonly log = new Logger('Bars');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(MARKET_DATA_NATS) private readonly nats: NatsConnection,
    @Inject(Registry) private readonly registry: Registry,
    @Inject(DatabaseUrlSettings) private readonly database: DatabaseUrlSettings,
    @Inject(BarSettings) private readonly bars: BarSettings,
    @Inject(ChartSettings) private readonly chart: ChartSettings,
    @Inject(MarketDataMetrics) private readonly metrics: MarketDataMetrics,
    @Inject(Health) private readonly health: Health,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.health.register('nats', () => requireNats(this.nats));
    this.health.register('postgres', () => this.registry.ping());
    this.health.register('venues', () => this.requireOwners());
    onReconnect(this.nats, () => {
      for (const venue of this.venues.values()) venue.missed();
    });
    const look = (): void => inBackground('looking for venues', this.look());
    subscribe(this.nats, subjects.registryChanged, look);
    this.timer = setInterval(look, LOOK_MS);
    await this.look();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking.idle();
    await Promise.all([...this.venues.values()].map((venue) => venue.stop()));
    await this.nats.drain();
    await this.registry.close();
  }

  private look(): Promise<void> {
    return this.looking.run(async () => {
      const named = this.bars.venues ?? (await this.registry.brokers()).map(({ venue }) => venue);
      for (const venue of named) if (!this.venues.has(venue)) this.begin(venue);
    });
  }

  private begin(venue: Venue): void {
    const { nats, bars, chart, metrics, log, database } = this;
    const owned = new OwnedVenue({
      venue,
      nats,
      bars,
      chart,
      metrics,
      log,
      databaseUrl: database.url,
      nowMs: Date.now,
    });
    this.venues.set(venue, owned);
    owned.start();
  }

  private requireOwners(): void {
    const troubles = [...this.venues].flatMap(([venue, { trouble }]) =>
      trouble === null ? [] : `${venue}: ${trouble}`,
    );
    if (troubles.length > 0) throw new Error(troubles.join('; '));
  }
}
