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
import { NewerTable, TableRunner, type TableProjection } from './table-runner.ts';
import { accounts, batchOf, latest, seenEvents, TalkingLog } from './toys.fixture.ts';

const limits = { pollMs: 0, retryPauseMs: 1 };
const [ada = '', bob = ''] = accounts;

let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  await Promise.all([1, 2, 3].map(() => migrateProjections(database.url, 'projection')));
  pool = new Pool({ connectionString: database.url, max: 6 });
  await pool.query(
    'create table event_row (version int not null, position bigint primary key, event_id uuid not null)',
  );
});
beforeEach(async () => {
  await pool.query('truncate projection.snapshot, projection.checkpoint, projection.table_checkpoint, event_row');
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
    expect(loaded).toEqual({ checkpoint: 9, states: [{ account: ada, position: 9, state: '{"position":9}' }] });
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

describe('tables', () => {
  const rows = async () =>
    (
      await pool.query<{ version: number; position: string; event_id: string }>(
        'select * from event_row order by position',
      )
    ).rows;

  const table = (version = 1, write: () => void = () => undefined): TableProjection => ({
    name: 'event-row',
    version,
    async write(transaction, events) {
      for (const { position, id } of events)
        await transaction.query('insert into event_row values ($1, $2, $3)', [version, position, id]);
      write();
    },
    async clear(transaction) {
      await transaction.query('truncate event_row');
    },
  });
  const runnerOn = (log: TalkingLog, projection = table()) =>
    new TableRunner({ log, pool, schema: 'projection', table: projection, limits, onFailure: () => undefined });

  it('hold each event once, from the log and from the feed', async () => {
    const log = new TalkingLog();
    await log.commitSome(3);
    const runner = runnerOn(log);
    await runner.start();
    const lost = await log.commitSome(2);
    runner.offer(await log.commitSome(2));
    runner.offer(lost);
    expect(await runner.reached(7, 10_000)).toBe(true);
    await runner.stop();
    expect((await rows()).map(({ position }) => Number(position))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('hold what the log holds, whatever the feed tells: it only says that there is something to read', async () => {
    const log = new TalkingLog();
    const runner = runnerOn(log);
    await runner.start();
    const [event] = (await log.commitSome(1)).events;
    if (!event) throw new Error('nothing was committed');
    runner.offer(
      batchOf([
        { ...event, id: newId() },
        { ...event, id: newId(), position: 2 },
      ]),
    );
    expect(await runner.reached(1, 10_000)).toBe(true);
    await runner.check();
    await runner.stop();
    expect((await rows()).map(({ event_id }) => event_id)).toEqual([event.id]);
  });

  it('go on where they were after a restart', async () => {
    const log = new TalkingLog();
    for (const events of [3, 4]) {
      await log.commitSome(events);
      const runner = runnerOn(log);
      await runner.start();
      await runner.stop();
    }
    expect(await rows()).toHaveLength(7);
  });

  it('have rows and checkpoint together or neither', async () => {
    const log = new TalkingLog();
    await log.commitSome(3);
    const broken = table(1, () => {
      throw new Error('disk full');
    });
    await expect(runnerOn(log, broken).start()).rejects.toThrow('disk full');
    expect(await rows()).toEqual([]);
    const runner = runnerOn(log);
    await runner.start();
    await runner.stop();
    expect(await rows()).toHaveLength(3);
  });

  it('may be written by two processes: each event counts once', async () => {
    const log = new TalkingLog();
    const [one, other] = [runnerOn(log), runnerOn(log)];
    await Promise.all([one.start(), other.start()]);
    for (let n = 0; n < 10; n += 1) {
      const batch = await log.commitSome(3);
      one.offer(batch);
      other.offer(batch);
    }
    expect(await Promise.all([one.reached(30, 10_000), other.reached(30, 10_000)])).toEqual([true, true]);
    await Promise.all([one.stop(), other.stop()]);
    expect(await rows()).toHaveLength(30);
  });

  it('are filled anew by a newer version, and left alone by an older one', async () => {
    const log = new TalkingLog();
    await log.commitSome(3);
    for (const version of [1, 2]) {
      const runner = runnerOn(log, table(version));
      await runner.start();
      await runner.stop();
      expect((await rows()).map((row) => row.version)).toEqual([version, version, version]);
    }
    await expect(runnerOn(log, table(1)).start()).rejects.toThrow(NewerTable);
    expect(await rows()).toHaveLength(3);
  });
});
