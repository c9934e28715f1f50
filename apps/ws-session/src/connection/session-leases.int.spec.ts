import { exampleId } from '@core/contracts/examples.fixture';
import { migrateProjections } from '@core/projection-runner/migrations';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { Pool } from 'pg';
import { migrateWsSession } from '../migrations.ts';
import { MemoryLeases } from '../ws-session-harness.fixture.ts';
import { PostgresSessionLeases, type SessionLeases } from './session-leases.ts';

let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  await migrateProjections(database.url, 'ws_session');
  await Promise.all([1, 2].map(() => migrateWsSession(database.url)));
  pool = new Pool({ connectionString: database.url });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

let made = 0;
const aLease = (keyId = exampleId(0xe000 + (made += 1))) => ({ sessionId: exampleId(0xa000 + (made += 1)), keyId });

describe.each([
  ['memory', () => new MemoryLeases()],
  ['Postgres', () => new PostgresSessionLeases(pool, 60_000)],
])('leases in %s', (_, open: () => SessionLeases) => {
  it('are never more than a key may have, however many ask at once, and free again when they are released', async () => {
    const leases = open();
    const [{ keyId }, stranger] = [aLease(), aLease()];
    const asked = Array.from({ length: 12 }, () => aLease(keyId));
    const taken = await Promise.all(asked.map((lease) => leases.take(lease, 5)));
    expect(taken.filter(Boolean)).toHaveLength(5);
    expect(await leases.take(stranger, 1)).toBe(true);
    const first = asked[taken.indexOf(true)] ?? aLease();
    await leases.release([first.sessionId]);
    expect([await leases.take(aLease(keyId), 5), await leases.take(aLease(keyId), 5)]).toEqual([true, false]);
  });

  it('count again when they are renewed', async () => {
    const leases = open();
    const lease = aLease();
    await leases.renew([lease]);
    expect(await leases.take(aLease(lease.keyId), 1)).toBe(false);
  });
});

it('what nobody renews ends by itself', async () => {
  const [killed, living] = [new PostgresSessionLeases(pool, 0), new PostgresSessionLeases(pool, 60_000)];
  const lease = aLease();
  expect(await killed.take(lease, 1)).toBe(true);
  expect(await living.take(aLease(lease.keyId), 1)).toBe(true);
  expect(await killed.take(aLease(lease.keyId), 1)).toBe(false);
});
