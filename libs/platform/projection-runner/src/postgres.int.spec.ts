import { anEvent } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { newId, now } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { Pool } from 'pg';
import { migrateProjections } from './migrations.ts';
import { PostgresSnapshots } from './postgres-snapshots.ts';
import { ProjectionRunner } from './projection-runner.ts';
import { stateAt } from './state-at.ts';
import { accounts, batchOf, latest, seenEvents, TalkingLog } from './toys.fixture.ts';

const limits = { pollMs: 0, retryPauseMs: 1 };
const [ada = '', bob = ''] = accounts;

let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  await Promise.all([1, 2, 3].map(() => migrateProjections(database.url, 'projection')));
  pool = new Pool({ connectionString: database.url, max: 6 });
});
beforeEach(async () => {
  await pool.query('truncate projection.snapshot, projection.checkpoint');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('snapshots in Postgres', () => {
  const runnerOn = (
    log: TalkingLog,
    projections: readonly (typeof seenEvents | typeof latest)[] = [seenEvents, latest],
  ) => new ProjectionRunner({ log, projections, limits, snapshots: new PostgresSnapshots(pool, 'projection') });

  async function grown(log: TalkingLog, events: number): Promise<void> {
    const runner = runnerOn(log);
    await runner.start();
    runner.offer(await log.commitSome(events));
    await runner.reached(await log.head(), 10_000);
    await runner.stop();
  }

  it('bring a restarted runner to where it was, and it goes on from there', async () => {
    const log = new TalkingLog();
    await grown(log, 7);
    await grown(log, 5);
    const checkpoints = await pool.query<{ position: string }>('select distinct position from projection.checkpoint');
    expect(checkpoints.rows).toEqual([{ position: '12' }]);

    const runner = runnerOn(log);
    const read: number[] = [];
    const origin = log.read.bind(log);
    log.read = (after) => (read.push(after), origin(after));
    await runner.start();
    for (const account of accounts)
      expect(runner.state(seenEvents, account)).toEqual(await log.fold(seenEvents, account));
    expect(read[0]).toBe(12);
    await runner.stop();
  });

  it('are shared: whoever saves an older state does not undo a newer one', async () => {
    const snapshots = new PostgresSnapshots(pool, 'projection');
    const key = { name: 'shared', version: 1 };
    const at = (position: number) => ({ ...key, account: ada, position, state: JSON.stringify({ position }) });
    await snapshots.save([at(9)], { keys: [key], position: 9 });
    await snapshots.save([at(5)], { keys: [key], position: 5 });
    const loaded = await snapshots.load(key);
    expect(loaded?.checkpoint).toBe(9);
    expect(loaded?.states.map((each) => [each.account, each.position, each.text()])).toEqual([
      [ada, 9, '{"position":9}'],
    ]);
  });

  it('are none until a round is whole', async () => {
    const snapshots = new PostgresSnapshots(pool, 'projection');
    const key = { name: 'half', version: 1 };
    await snapshots.save([{ ...key, account: ada, position: 3, state: '{}' }], null);
    expect(await snapshots.load(key)).toBeNull();
    expect(await snapshots.load({ ...key, version: 2 })).toBeNull();
  });

  it('may be saved by two at once, whatever the order of their accounts', async () => {
    const snapshots = new PostgresSnapshots(pool, 'projection');
    const key = { name: 'both', version: 1 };
    const saves = Array.from({ length: 40 }, (_, n) => {
      const order = n % 2 === 0 ? [ada, bob] : [bob, ada];
      const states = order.map((account) => ({ ...key, account, position: n, state: '{}' }));
      return snapshots.save(states, { keys: [key], position: n });
    });
    await Promise.all(saves);
    const loaded = await snapshots.load(key);
    expect(loaded?.checkpoint).toBe(39);
    expect(loaded?.states.map(({ position }) => position)).toEqual([39, 39]);
  });

  it('of older versions are kept for a while, then dropped', async () => {
    const snapshots = new PostgresSnapshots(pool, 'projection');
    const [older, newer] = [1, 2].map((version) => ({ name: 'versions', version }));
    if (!older || !newer) throw new Error('no keys');
    const save = (key: typeof older) =>
      snapshots.save([{ ...key, account: ada, position: 1, state: '{}' }], { keys: [key], position: 1 });
    await save(older);
    await save(newer);
    expect(await snapshots.load(older)).not.toBeNull();
    await pool.query(`update projection.checkpoint set saved_at = now() - interval '8 days' where version = 1`);
    await save(newer);
    expect(await snapshots.load(older)).toBeNull();
    const left = await pool.query('select version from projection.snapshot');
    expect(left.rows).toEqual([{ version: 2 }]);
  });
});

describe('a log in Postgres', () => {
  it('is folded from snapshots and from the feed as from its beginning', async () => {
    await migrateEventLog(database.url);
    const onLost = (error: Error): never => {
      throw error;
    };
    const writer = await PostgresEventLogWriter.open({
      url: database.url,
      build: 'spec@0',
      appendTimeoutMs: 20_000,
      onLost,
    });
    const log = new PostgresEventLog({ url: database.url });
    const commit = async (): Promise<FeedBatch> => {
      const events = [ada, bob, ada].map((subject) => anEvent('EquityMarked', {}, { id: newId(), subject }));
      const batch = { events, answers: [], quarantined: [], checkpoint: null, recordedtime: now() };
      return batchOf((await writer.append(batch)).recorded);
    };

    for (const [offered, expected] of [
      [2, 9],
      [0, 12],
    ] as const) {
      await commit();
      const runner = new ProjectionRunner({
        log,
        projections: [seenEvents, latest],
        limits,
        snapshots: new PostgresSnapshots(pool, 'projection'),
      });
      await runner.start();
      for (let n = 0; n < offered; n += 1) runner.offer(await commit());
      expect(await runner.reached(expected, 10_000)).toBe(true);
      for (const account of [ada, bob]) {
        expect(runner.state(seenEvents, account)).toEqual(await stateAt(log, seenEvents, account));
        expect(runner.state(latest, account)).toEqual(await stateAt(log, latest, account));
      }
      await runner.stop();
    }
    await log.close();
    await writer.close();
  });
});
