import { newId } from '@core/service/clock';
import { freshDatabase } from '@core/testing/fresh-database';
import { Passage } from '@core/testing/passage';
import { openRegistry } from './registry.ts';

it('a registry whose database falls silent says so, to more callers than it has connections', async () => {
  const database = await freshDatabase();
  const passage = await Passage.to(database.url);
  const registry = await openRegistry({ url: passage.url(database.url), newId, timeoutMs: 1_000 });
  try {
    await registry.ping();
    passage.hush();
    const asked = Array.from({ length: 10 }, () => registry.findAccessKey('secret'));
    expect(new Set((await Promise.allSettled(asked)).map(({ status }) => status))).toEqual(new Set(['rejected']));
  } finally {
    passage.close();
    await registry.close();
    await database.drop();
  }
});
