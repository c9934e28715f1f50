import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { MarketView } from '@core/bus/market-view';
import { connectNats, onReconnect } from '@core/bus/nats-connection';
import type { EventLog } from '@core/event-log/event-log';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import { migrateProjections } from '@core/projection-runner/migrations';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { TableRunner } from '@core/projection-runner/table-runner';
import { accountState } from '@core/projections/account';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { Health } from '@core/service/health';
import { DatabaseSettings, NatsSettings } from '@core/service/service-settings';
import { tradingSession } from '@core/views/tradingview/session';
import { Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import type { NatsConnection } from 'nats';
import { Pool } from 'pg';
import { Registry as Metrics } from 'prom-client';
import type { Repository } from 'typeorm';
import { RegisteredTraders, Traders } from './accounts/traders.ts';
import { AccessToken } from './auth/access-token.ts';
import { PostgresTokenStore, TokenStore } from './auth/token-store.ts';
import { HistorySettings, StoreSettings } from './config.ts';
import { Followers } from './feed/followers.ts';
import { LogFollowers } from './feed/log-followers.ts';
import { MarketSource } from './feed/venue-watch.ts';
import { ExecutionHistory, OrderHistory } from './history/entities.ts';
import { HistoryBooks } from './history/history-books.ts';
import { historyTable } from './history/history-table.ts';
import { History } from './history/history.ts';
import { PostgresHistory } from './history/postgres-history.ts';
import { migrateTvGateway } from './migrations.ts';

const LOG = Symbol('EventLog');
const NATS = Symbol('NatsConnection');
const POOL = Symbol('Pool');
const REGISTRY = Symbol('Registry');

/** Snapshots and history share these connections; reads of history and tokens have as many of their own. */
const CONNECTIONS = 4;

/** Where requests read: a server that hangs is as good as none, and whoever asks is told so. */
export const databaseOf = ({ url }: DatabaseSettings, { timeoutMs }: StoreSettings) => ({
  type: 'postgres' as const,
  url,
  entities: [AccessToken, OrderHistory, ExecutionHistory],
  extra: { max: CONNECTIONS, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs },
});

/** Closes what was opened here, after everything that uses it has stopped. */
@Injectable()
class Outside implements OnApplicationShutdown {
  constructor(
    @Inject(LOG) private readonly log: PostgresEventLog,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(POOL) private readonly pool: Pool,
    @Inject(REGISTRY) private readonly registry: Registry,
    private readonly followers: Followers,
    health: Health,
  ) {
    health.register('postgres', () => registry.ping());
    health.register('nats', () => nats.flush());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.followers.stop();
    await this.nats.close();
    await Promise.all([this.log.close(), this.pool.end(), this.registry.close()]);
  }
}

/** The gateway's ports on Postgres and NATS. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseSettings, StoreSettings],
      async useFactory(database: DatabaseSettings, store: StoreSettings) {
        await migrateTvGateway(database.url);
        return databaseOf(database, store);
      },
    }),
    TypeOrmModule.forFeature([AccessToken, OrderHistory, ExecutionHistory]),
  ],
  providers: [
    MarketView,
    Outside,
    {
      provide: REGISTRY,
      inject: [DatabaseSettings, StoreSettings],
      useFactory: ({ url }: DatabaseSettings, { timeoutMs }: StoreSettings) => openRegistry({ url, newId, timeoutMs }),
    },
    {
      provide: NATS,
      inject: [NatsSettings],
      useFactory: ({ url }: NatsSettings) => connectNats({ url, name: 'tv-gateway' }),
    },
    {
      provide: POOL,
      inject: [DatabaseSettings],
      async useFactory({ url }: DatabaseSettings) {
        await migrateProjections(url);
        const pool = new Pool({ connectionString: url, max: CONNECTIONS, keepAlive: true });
        // A connection that broke while idle is replaced; whoever needs one that cannot be had gets the error.
        return pool.on('error', () => undefined);
      },
    },
    {
      provide: LOG,
      inject: [DatabaseSettings],
      useFactory: ({ url }: DatabaseSettings) => new PostgresEventLog({ url }),
    },
    {
      provide: ProjectionRunner,
      inject: [LOG, POOL, Metrics],
      useFactory: (log: EventLog, pool: Pool, metrics: Metrics) =>
        new ProjectionRunner({
          log,
          projections: [accountState, tradingSession],
          snapshots: new PostgresSnapshots(pool),
          metrics: prometheusMetrics(metrics, 'screens'),
        }),
    },
    {
      provide: TableRunner,
      inject: [LOG, POOL, Metrics, HistorySettings],
      useFactory: (log: EventLog, pool: Pool, metrics: Metrics, { booksMax }: HistorySettings) =>
        new TableRunner({
          log,
          pool,
          table: historyTable(new HistoryBooks(log, booksMax)),
          metrics: prometheusMetrics(metrics, 'history'),
        }),
    },
    {
      provide: Followers,
      inject: [ProjectionRunner, TableRunner],
      useFactory: (screens: ProjectionRunner, history: TableRunner) => new LogFollowers(screens, history),
    },
    { provide: Traders, inject: [REGISTRY], useFactory: (registry: Registry) => new RegisteredTraders(registry) },
    {
      provide: TokenStore,
      inject: [getRepositoryToken(AccessToken)],
      useFactory: (tokens: Repository<AccessToken>) => new PostgresTokenStore(tokens),
    },
    {
      provide: History,
      inject: [getRepositoryToken(OrderHistory), getRepositoryToken(ExecutionHistory)],
      useFactory: (orders: Repository<OrderHistory>, executions: Repository<ExecutionHistory>) =>
        new PostgresHistory(orders, executions),
    },
    {
      provide: CommandClient,
      inject: [NATS],
      useFactory: (nats: NatsConnection) => new CommandClient(new NatsCommandTransport(nats), 'tv-gateway'),
    },
    {
      provide: MarketSource,
      inject: [NATS],
      useFactory: (nats: NatsConnection): MarketSource => ({
        fetch: (market, venue) => market.fetch(nats, venue),
        onReconnect: (listener) => onReconnect(nats, listener),
      }),
    },
  ],
  exports: [MarketView, ProjectionRunner, Followers, Traders, TokenStore, History, CommandClient, MarketSource],
})
export class AdaptersModule {}
