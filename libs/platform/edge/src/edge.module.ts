import { CommandClient } from '@core/bus/command-client';
import { MarketView } from '@core/bus/market-view';
import { TickFeed } from '@core/bus/tick-feed';
import { EventLog } from '@core/event-log/event-log';
import { FeedAlarm } from '@core/projection-runner/feed-alarm';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import type { AnyProjection } from '@core/projection-runner/build-states';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { Health } from '@core/service/health';
import { registryPlace } from '@core/registry/registry-place';
import { CellSettings, DatabaseSettings, NatsSettings } from '@core/service/service-settings';
import { Tracing } from '@core/service/tracing';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Registry as Metrics } from 'prom-client';
import { ConnectedAdapters } from './connected-adapters.ts';
import { EdgeAdapters } from './edge-adapters.ts';
import { EdgeSettings } from './edge-settings.ts';
import { hearing, type Heard } from './hearing.ts';
import { FeedListener, LogSubscription } from './log-subscription.ts';
import { gaugePrices } from './market-metrics.ts';
import { RegistryNews } from './registry-news.ts';
import { ReleaseFollower } from './release-follower.ts';
import { RefusalTeller } from './refusal-teller.ts';
import { tracedRunner } from './traced-runner.ts';
import { TradingAccess } from './trading-access.ts';
import { UntoldRefusals } from './untold-refusals.ts';
import { VenueWatch, type VenueOf } from './venue-watch.ts';

export interface EdgeOptions {
  /** The app's folder name: its connections, metrics and commands bear it. */
  readonly name: string;
  /** Several of one name are versions of it: the first is served until an operator decides otherwise. */
  readonly projections: readonly AnyProjection[];
  readonly hears: readonly Heard[];
  readonly venueOf: VenueOf;
}

/**
 * What every edge stands on, for all modules of its app: `ProjectionRunner` with its projections at the head of the
 * log, `EventLog`, `MarketView` with the markets of all venues, `TickFeed`, `CommandClient`, `Registry`, `RegistryNews`,
 * `TradingAccess`, `VenueWatch` for more venues and `LogSubscription` for more that follows the log. It is ready before
 * the app is asked anything, and closed after it.
 *
 * ```ts
 * EdgeModule.of({
 *   name: 'tv-gateway',
 *   projections: [accountState, tradingSession],
 *   hears: ['quotes', 'instruments'],
 *   venueOf: (runner, account) => runner.state(accountState, account).registration?.venue ?? null,
 * })
 * ```
 */
@Module({})
export class EdgeModule {
  static of({ name, projections, hears, venueOf }: EdgeOptions): DynamicModule {
    const adapters: Provider = {
      provide: EdgeAdapters,
      inject: [DatabaseSettings, CellSettings, NatsSettings, EdgeSettings, Health],
      useFactory: (
        { url: databaseUrl, detached }: DatabaseSettings,
        cell: CellSettings,
        { url: natsUrl }: NatsSettings,
        { storeTimeoutMs }: EdgeSettings,
        health: Health,
      ) => {
        const registry = registryPlace(databaseUrl, cell);
        return ConnectedAdapters.open({ name, databaseUrl, detached, registry, natsUrl, storeTimeoutMs }, health);
      },
    };
    const runner: Provider = {
      provide: ProjectionRunner,
      inject: [EdgeAdapters, EdgeSettings, Metrics, FeedAlarm, Tracing],
      useFactory: (
        { log, snapshots, releases }: EdgeAdapters,
        { snapshotMs }: EdgeSettings,
        metrics: Metrics,
        alarm: FeedAlarm,
        tracing: Tracing,
      ) =>
        tracedRunner(tracing, {
          log,
          projections,
          decisions: () => releases.decisions(),
          snapshots,
          limits: { snapshotMs },
          metrics: prometheusMetrics(metrics, name),
          alarm,
        }),
    };
    const watch: Provider = {
      provide: VenueWatch,
      inject: [EdgeAdapters, ProjectionRunner, MarketView, RegistryNews, EdgeSettings, Metrics],
      useFactory: (
        { market: source }: EdgeAdapters,
        runner: ProjectionRunner,
        market: MarketView,
        registry: RegistryNews,
        { marketRetryMs: retryMs }: EdgeSettings,
        metrics: Metrics,
      ) => {
        gaugePrices(metrics, market);
        return new VenueWatch({ runner, venueOf, market, source, registry, retryMs });
      },
    };
    const releases: Provider = {
      provide: ReleaseFollower,
      inject: [EdgeAdapters, LogSubscription, RegistryNews, EdgeSettings],
      useFactory: (
        { releases: desk }: EdgeAdapters,
        log: LogSubscription,
        news: RegistryNews,
        { releasePollMs: pollMs }: EdgeSettings,
      ) => new ReleaseFollower({ instance: newId(), log, desk, news, pollMs }),
    };
    const given: Provider[] = [
      adapters,
      runner,
      { provide: EventLog, inject: [EdgeAdapters], useFactory: ({ log }: EdgeAdapters) => log },
      { provide: Registry, inject: [EdgeAdapters], useFactory: ({ registry }: EdgeAdapters) => registry },
      {
        provide: CommandClient,
        inject: [EdgeAdapters, Tracing],
        useFactory: ({ commands }: EdgeAdapters, tracing: Tracing) => new CommandClient(commands, name, tracing),
      },
      MarketView,
      TickFeed,
      FeedAlarm,
      RegistryNews,
      LogSubscription,
      TradingAccess,
      { provide: UntoldRefusals, inject: [EdgeAdapters], useFactory: ({ untold }: EdgeAdapters) => untold },
      RefusalTeller,
      { provide: FeedListener, useExisting: LogSubscription },
      watch,
    ];
    return {
      module: EdgeModule,
      global: true,
      controllers: hearing(hears),
      providers: [...given, releases],
      exports: given.map((provider) => (typeof provider === 'function' ? provider : provider.provide)),
    };
  }
}
