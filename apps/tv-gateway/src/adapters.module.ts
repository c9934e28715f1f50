import { EdgeSettings } from '@core/edge/edge-settings';
import { patience } from '@core/service/postgres-patience';
import { CellSettings, DatabaseSettings } from '@core/service/service-settings';
import { BarHistory } from '@core/market-bars/bar-history';
import { BarStore } from '@core/market-bars/bar-store';
import { marketEntities } from '@core/market-bars/entities';
import { DataFeedRegistry } from '@core/registry/data-feed-registry';
import { Registry } from '@core/registry/registry';
import { registryPlace, type RegistryPlace } from '@core/registry/registry-place';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RegisteredTraders, Traders } from './accounts/traders.ts';
import { AccessToken } from './auth/access-token.ts';
import { PostgresTokenStore, TokenStore } from './auth/token-store.ts';
import { EntityManager } from 'typeorm';
import { DataSettings } from './config.ts';
import { DataToken } from './data/data-token.ts';
import { DataTokens, PostgresDataTokens } from './data/data-tokens.ts';
import { ExecutionHistory, OrderHistory } from './history/entities.ts';
import { HistoryWriter } from './history/history-writer.ts';
import { History } from './history/history.ts';
import { PostgresHistory } from './history/postgres-history.ts';
import { OauthClients, RegisteredOauthClients } from './oauth/oauth-clients.ts';
import { OauthRecord } from './oauth/oauth-record.ts';
import { OauthStore, PostgresOauthStore } from './oauth/oauth-store.ts';
import { LOGINS_SOURCE } from './logins-source.ts';
import { SlippageTable } from './trading/venue-slippage.ts';
import { migrateTvGateway } from './migrations.ts';

const CONNECTIONS = 4;
const LOGINS = [AccessToken, OauthRecord, DataToken];
const HISTORY = [OrderHistory, ExecutionHistory];

/** Where requests read: a server that hangs is as good as none, and whoever asks is told so. */
const connectionsTo = (url: string, { storeTimeoutMs: timeoutMs }: EdgeSettings) => ({
  type: 'postgres' as const,
  url,
  extra: { max: CONNECTIONS, ...patience(timeoutMs) },
});

/** What every cell has together. */
export const loginsOf = ({ url }: Pick<RegistryPlace, 'url'>, edge: EdgeSettings) => ({
  ...connectionsTo(url, edge),
  entities: LOGINS,
});

/** The gateway's own ports on Postgres. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseSettings, EdgeSettings],
      async useFactory(database: DatabaseSettings, edge: EdgeSettings) {
        await migrateTvGateway(database.url);
        return { ...connectionsTo(database.url, edge), entities: [...HISTORY, ...marketEntities] };
      },
    }),
    TypeOrmModule.forRootAsync({
      name: LOGINS_SOURCE,
      inject: [DatabaseSettings, CellSettings, EdgeSettings],
      async useFactory(database: DatabaseSettings, cell: CellSettings, edge: EdgeSettings) {
        const place = registryPlace(database.url, cell);
        await migrateTvGateway(place.url);
        // Said twice: it is closed by the name that its options have.
        return { ...loginsOf(place, edge), name: LOGINS_SOURCE };
      },
    }),
    TypeOrmModule.forFeature(HISTORY),
    TypeOrmModule.forFeature(LOGINS, LOGINS_SOURCE),
  ],
  providers: [
    { provide: Traders, useClass: RegisteredTraders },
    { provide: TokenStore, useClass: PostgresTokenStore },
    { provide: OauthStore, useClass: PostgresOauthStore },
    { provide: OauthClients, useClass: RegisteredOauthClients },
    { provide: History, useClass: PostgresHistory },
    HistoryWriter,
    { provide: DataTokens, useClass: PostgresDataTokens },
    { provide: SlippageTable, inject: [Registry], useFactory: ({ slippage }: Registry) => slippage },
    { provide: DataFeedRegistry, inject: [Registry], useFactory: ({ dataFeed }: Registry) => dataFeed },
    {
      provide: BarHistory,
      inject: [EntityManager, DataSettings],
      useFactory: (manager: EntityManager, { barsMax }: DataSettings) => new BarHistory(new BarStore(manager), barsMax),
    },
  ],
  exports: [
    Traders,
    TokenStore,
    OauthStore,
    OauthClients,
    History,
    DataTokens,
    DataFeedRegistry,
    SlippageTable,
    BarHistory,
  ],
})
export class AdaptersModule {}
