import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { MarketView } from '@core/bus/market-view';
import { connectNats } from '@core/bus/nats-connection';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import { accountStrategies } from '@core/projections/strategies';
import { Module } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Registry as Metrics } from 'prom-client';
import { DatabaseSettings, NatsSettings } from '@core/service/service-settings';
import { HookSettings } from './config.ts';
import { FeedController } from './feed.controller.ts';
import { Following } from './log/following.ts';
import { HooksController } from './http/hooks.controller.ts';
import { WebhookMetrics } from './metrics.ts';
import { Orphans } from './signals/orphans.ts';
import { Outcomes } from './log/outcomes.ts';
import { NatsMarketSource, PostgresStorage, RegisteredIntegrations } from './adapters.ts';
import { Integrations, MarketSource, Storage } from './ports.ts';
import { Reception } from './http/reception.ts';
import { SignalService } from './signals/signal-service.ts';
import { SignalProgress } from './signals/signal-progress.ts';
import { VenueOrders } from './log/venue-orders.ts';

/** The connection that commands and questions go out on. */
export const NATS = Symbol('NatsConnection');

const adapters = [
  {
    provide: NATS,
    inject: [NatsSettings],
    useFactory: ({ url }: NatsSettings) => connectNats({ url, name: 'proquant-webhook' }),
  },
  {
    provide: CommandClient,
    inject: [NATS],
    useFactory: (nats: NatsConnection) => new CommandClient(new NatsCommandTransport(nats), 'proquant-webhook'),
  },
  { provide: MarketSource, inject: [NATS], useFactory: (nats: NatsConnection) => new NatsMarketSource(nats) },
  { provide: Storage, inject: [DatabaseSettings], useFactory: PostgresStorage.open },
  { provide: Integrations, inject: [DatabaseSettings, HookSettings], useFactory: RegisteredIntegrations.open },
];

const runner = {
  provide: ProjectionRunner,
  inject: [Storage, Metrics],
  useFactory: ({ log, snapshots }: Storage, metrics: Metrics) =>
    new ProjectionRunner({
      log,
      snapshots,
      projections: [accountState, accountStrategies],
      metrics: prometheusMetrics(metrics, 'proquant-webhook'),
    }),
};

@Module({
  controllers: [HooksController, FeedController],
  providers: [
    ...adapters,
    runner,
    MarketView,
    VenueOrders,
    Outcomes,
    SignalService,
    SignalProgress,
    Orphans,
    WebhookMetrics,
    Reception,
    Following,
  ],
})
export class ProquantWebhookModule {}
