import { loadConfig } from '@core/service/load-config';
import { freshDatabase } from '@core/testing/fresh-database';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { DataSource } from 'typeorm';
import { databaseOf } from '../adapters.module.ts';
import { gatewayConfig } from '../config.ts';
import { migrateTvGateway } from '../migrations.ts';
import { AccessToken } from './access-token.ts';
import { PostgresTokenStore } from './token-store.ts';

it('a token that a silent database cannot be asked for is not an unknown one, and nobody waits for ever', async () => {
  const database = await freshDatabase();
  await migrateTvGateway(database.url);
  const proxy = await PostgresProxy.before(database.url);
  const environment = { DATABASE_URL: proxy.url, NATS_URL: 'nats://nowhere', STORE_TIMEOUT_MS: '1000' };
  const config = loadConfig(gatewayConfig, environment);
  const source = await new DataSource(databaseOf(config.database, config.edge)).initialize();
  const tokens = new PostgresTokenStore(source.getRepository(AccessToken));
  try {
    expect(await tokens.find(Buffer.alloc(32))).toBeNull();
    proxy.hush();
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => tokens.find(Buffer.alloc(32))));
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(['rejected']));
  } finally {
    await proxy.stop();
    await source.destroy();
    await database.drop();
  }
});
