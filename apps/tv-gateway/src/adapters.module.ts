import { EdgeSettings } from '@core/edge/edge-settings';
import { patience } from '@core/service/postgres-patience';
import { DatabaseSettings } from '@core/service/service-settings';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RegisteredTraders, Traders } from './accounts/traders.ts';
import { AccessToken } from './auth/access-token.ts';
import { PostgresTokenStore, TokenStore } from './auth/token-store.ts';
import { ExecutionHistory, OrderHistory } from './history/entities.ts';
import { HistoryWriter } from './history/history-writer.ts';
import { History } from './history/history.ts';
import { PostgresHistory } from './history/postgres-history.ts';
import { migrateTvGateway } from './migrations.ts';

const CONNECTIONS = 4;

/** Where requests read: a server that hangs is as good as none, and whoever asks is told so. */
export const databaseOf = ({ url }: DatabaseSettings, { storeTimeoutMs: timeoutMs }: EdgeSettings) => ({
  type: 'postgres' as const,
  url,
  entities: [AccessToken, OrderHistory, ExecutionHistory],
  extra: { max: CONNECTIONS, ...patience(timeoutMs) },
});

/** The gateway's own ports on Postgres. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseSettings, EdgeSettings],
      async useFactory(database: DatabaseSettings, edge: EdgeSettings) {
        await migrateTvGateway(database.url);
        return databaseOf(database, edge);
      },
    }),
    TypeOrmModule.forFeature([AccessToken, OrderHistory, ExecutionHistory]),
  ],
  providers: [
    { provide: Traders, useClass: RegisteredTraders },
    { provide: TokenStore, useClass: PostgresTokenStore },
    { provide: History, useClass: PostgresHistory },
    HistoryWriter,
  ],
  exports: [Traders, TokenStore, History],
})
export class AdaptersModule {}
