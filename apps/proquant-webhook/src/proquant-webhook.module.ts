import { CommandClient } from '@core/bus/command-client';
import { MarketView } from '@core/bus/market-view';
import { connectNats } from '@core/bus/nats-connection';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import { accountStrategies } from '@core/projections/strategies';
import { Module } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { Registry as Metrics } from 'prom-client';
import { WebhookConfig } from './config.ts';
import { FeedController } from './feed.controller.ts';
import { Following } from './following.ts';
import { HooksController } from './hooks.controller.ts';
import { WebhookMetrics } from './metrics.ts';
import { Orphans } from './orphans.ts';
import { Outcomes } from './outcomes.ts';
import { NatsMarketSource, PostgresStorage, RegisteredIntegrations } from './outside.ts';
import { Integrations, Ledger, MarketSource, Storage } from './ports.ts';
import { Reception } from './reception.ts';
import { SignalDesk } from './signal-desk.ts';
import { SignalProgress } from './signal-progress.ts';
import { VenueOrders } from './venue-orders.ts';

/** The connection that commands and questions go out on. */
export const NATS = Symbol('NatsConnection');

const outside = [
  {
    provide: NATS,
    inject: [WebhookConfig],
    useFactory: ({ natsUrl: url }: WebhookConfig) => connectNats({ url, name: 'proquant-webhook' }),
  },
  { provide: Ledger, inject: [NATS], useFactory: (nats: NatsConnection): Ledger => new CommandClient(nats) },
  { provide: MarketSource, inject: [NATS], useFactory: (nats: NatsConnection) => new NatsMarketSource(nats) },
  { provide: Storage, inject: [WebhookConfig], useFactory: PostgresStorage.open },
  { provide: Integrations, inject: [WebhookConfig], useFactory: RegisteredIntegrations.open },
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
    ...outside,
    runner,
    MarketView,
    VenueOrders,
    Outcomes,
    SignalDesk,
    SignalProgress,
    Orphans,
    WebhookMetrics,
    Reception,
    Following,
  ],
})
export class ProquantWebhookModule {}
