import { exampleId } from '@core/contracts/examples.fixture';
import { migrateProjections } from '@core/projection-runner/migrations';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { until } from '@core/testing/until';
import { Pool } from 'pg';
import { migrateWsSession } from '../migrations.ts';
import { MemoryOrderRates } from '../ws-session-harness.fixture.ts';
import { PostgresOrderRates, type OrderRate, type OrderRates } from './order-rates.ts';

const SELDOM = { perMinute: 1, burst: 5 };
const [key, stranger] = [exampleId(1), exampleId(2)];

let database: FreshDatabase;
let pools: readonly Pool[];

beforeAll(async () => {
  database = await freshDatabase();
  await migrateProjections(database.url, 'ws_session');
  await migrateWsSession(database.url);
  pools = [1, 2].map(() => new Pool({ connectionString: database.url }));
});
afterAll(async () => {
  for (const pool of pools) await pool.end();
  await database.drop();
});

/** Two instances that count the same keys. */
const inPostgres = (rate: OrderRate): readonly OrderRates[] => pools.map((pool) => new PostgresOrderRates(pool, rate));
function inMemory(rate: OrderRate): readonly OrderRates[] {
  const rates = new MemoryOrderRates(rate);
  return [rates, rates];
}

describe.each([
  ['memory', inMemory],
  ['Postgres', inPostgres],
])('orders of a key, counted in %s', (_, open: (rate: OrderRate) => readonly OrderRates[]) => {
  it('are never more at once than its burst, whichever instances are asked, and nobody else’s', async () => {
    const instances = open(SELDOM);
    const asked = Array.from({ length: 12 }, () => instances.map((rates) => rates.take(key))).flat();
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(SELDOM.burst);
    expect(await Promise.all(instances.map((rates) => rates.take(stranger)))).toEqual([true, true]);
  });
});

it('a key may place more as time passes', async () => {
  const [rates] = inPostgres({ perMinute: 600, burst: 1 });
  await until(async () => (await rates?.take(exampleId(3))) === true);
  await until(async () => (await rates?.take(exampleId(3))) === true);
});
