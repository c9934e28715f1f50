import { MarketView } from '@core/bus/market-view';
import { connectNats } from '@core/bus/nats-connection';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Module } from '@nestjs/common';
import { Registry as Metrics } from 'prom-client';
import { Accounts } from './log/accounts.ts';
import { Admission, KeyStore } from './connection/admission.ts';
import { DatabaseSettings, NatsSettings } from '@core/service/service-settings';
import { AccountSettings } from './config.ts';
import { RequestHandler } from './requests/request-handler.ts';
import { FeedController } from './feed.controller.ts';
import { Following } from './log/following.ts';
import { LogEpoch } from './log/log-epoch.ts';
import { MarketSource, NatsMarketSource } from './market/market-source.ts';
import { SessionMetrics } from './connection/metrics.ts';
import { Playback } from './log/playback.ts';
import { Prices } from './market/prices.ts';
import { Questions } from './requests/questions.ts';
import { sessionBook } from '@core/views/ws-session/session-book';
import { Sessions } from './connection/sessions.ts';
import { SocketServer } from './socket-server.ts';
import { SteadyClock } from './connection/steady-clock.ts';
import { PostgresStorage, RegistryKeys, Storage } from './log/storage.ts';

const adapters = [
  { provide: Storage, inject: [DatabaseSettings], useFactory: PostgresStorage.open },
  { provide: KeyStore, inject: [DatabaseSettings], useFactory: RegistryKeys.open },
  {
    provide: MarketSource,
    inject: [NatsSettings],
    useFactory: async ({ url }: NatsSettings) => new NatsMarketSource(await connectNats({ url, name: 'ws-session' })),
  },
];

const runner = {
  provide: ProjectionRunner,
  inject: [Storage, Metrics, AccountSettings],
  useFactory: ({ log, snapshots }: Storage, metrics: Metrics, { snapshotMs }: AccountSettings) =>
    new ProjectionRunner({
      log,
      snapshots,
      projections: [sessionBook],
      limits: { snapshotMs },
      metrics: prometheusMetrics(metrics, 'ws-session'),
    }),
};

@Module({
  controllers: [FeedController],
  providers: [
    ...adapters,
    runner,
    MarketView,
    SteadyClock,
    LogEpoch,
    Accounts,
    Sessions,
    SessionMetrics,
    Admission,
    Playback,
    Prices,
    Questions,
    RequestHandler,
    SocketServer,
    Following,
  ],
})
export class WsSessionModule {}
