import { newId } from '@core/service/clock';
import { freshDatabase } from '@core/testing/fresh-database';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { openRegistry } from './registry.ts';

it('a registry whose database falls silent says so, to more callers than it has connections', async () => {
  const database = await freshDatabase();
  const proxy = await PostgresProxy.before(database.url);
  const registry = await openRegistry({ url: proxy.url, newId, timeoutMs: 6_000 });
  try {
    await registry.ping();
    proxy.hush();
    const asked = Array.from({ length: 10 }, () => registry.keys.find('secret'));
    expect(new Set((await Promise.allSettled(asked)).map(({ status }) => status))).toEqual(new Set(['rejected']));
  } finally {
    await proxy.stop();
    await registry.close();
    await database.drop();
  }
});
