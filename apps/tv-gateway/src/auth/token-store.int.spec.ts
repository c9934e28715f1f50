import { loadConfig } from '@core/service/load-config';
import { freshDatabase } from '@core/testing/fresh-database';
import { Passage } from '@core/testing/passage';
import { DataSource } from 'typeorm';
import { gatewayConfig } from '../config.ts';
import { migrateTvGateway } from '../migrations.ts';
import { databaseOf } from '../adapters.module.ts';
import { AccessToken } from './access-token.ts';
import { PostgresTokenStore } from './token-store.ts';

it('a token that a silent database cannot be asked for is not an unknown one, and nobody waits for ever', async () => {
  const database = await freshDatabase();
  await migrateTvGateway(database.url);
  const passage = await Passage.to(database.url);
  const environment = { DATABASE_URL: passage.url(database.url), NATS_URL: 'nats://nowhere', STORE_TIMEOUT_MS: '1000' };
  const config = loadConfig(gatewayConfig, environment);
  const source = await new DataSource(databaseOf(config.database, config.edge)).initialize();
  const tokens = new PostgresTokenStore(source.getRepository(AccessToken));
  try {
    expect(await tokens.find(Buffer.alloc(32))).toBeNull();
    passage.hush();
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => tokens.find(Buffer.alloc(32))));
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(['rejected']));
  } finally {
    passage.close();
    await source.destroy();
    await database.drop();
  }
});
