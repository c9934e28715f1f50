import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { Pool } from 'pg';
import { createEventRow, eventRow, rowsOfBuild } from './event-row.fixture.ts';
import { migrateProjections } from './migrations.ts';
import type { Build } from './releases.ts';
import { TableRunner } from './table-runner.ts';
import { batchOf, TalkingLog } from './toys.fixture.ts';

const limits = { pollMs: 0, retryPauseMs: 1 };
const first: Build = { version: 1, build: 0 };

let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  await migrateProjections(database.url, 'projection');
  pool = new Pool({ connectionString: database.url, max: 6 });
  await pool.query(createEventRow);
});
beforeEach(async () => {
  await pool.query('truncate projection.table_checkpoint, projection.event_row');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const rows = (build = first) => rowsOfBuild(pool, build);
const runnerOn = (log: TalkingLog, table = eventRow(), build = 0) =>
  new TableRunner({ log, pool, schema: 'projection', table, build, limits, onFailure: () => undefined });

async function filled(log: TalkingLog, table = eventRow(), build = 0): Promise<void> {
  const runner = runnerOn(log, table, build);
  await runner.start();
  await runner.stop();
}

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
  expect((await rows()).map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7]);
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
  await runner.stop();
  expect((await rows()).map(({ eventId }) => eventId)).toEqual([event.id]);
});

it('go on where they were after a restart', async () => {
  const log = new TalkingLog();
  for (const events of [3, 4]) {
    await log.commitSome(events);
    await filled(log);
  }
  expect(await rows()).toHaveLength(7);
});

it('have rows and checkpoint together or neither', async () => {
  const log = new TalkingLog();
  await log.commitSome(3);
  const broken = eventRow(1, () => {
    throw new Error('disk full');
  });
  await expect(runnerOn(log, broken).start()).rejects.toThrow('disk full');
  expect(await rows()).toEqual([]);
  await filled(log);
  expect(await rows()).toHaveLength(3);
});

it('outlive a Postgres that is lost while they are written, before and after it has committed', async () => {
  const log = new TalkingLog();
  await log.commitSome(3);
  const runner = runnerOn(log);
  await runner.start();
  const ending = new Pool({ connectionString: database.url, max: 1 });
  const others = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query like $1`;
  pool.on('error', () => undefined);
  for (let events = 4; events < 60; events += 1) {
    runner.offer(await log.commitSome(1));
    await ending.query(others, [events % 2 === 0 ? '%' : 'commit%']);
  }
  expect(await runner.reached(59, 30_000)).toBe(true);
  await runner.stop();
  await ending.end();
  expect((await rows()).map(({ position }) => position)).toEqual(Array.from({ length: 59 }, (_, index) => index + 1));
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

it('of a newer version stand beside those of an older one, which goes on', async () => {
  const log = new TalkingLog();
  await log.commitSome(3);
  const older = runnerOn(log);
  await older.start();
  await filled(log, eventRow(2));
  older.offer(await log.commitSome(2));
  expect(await older.reached(5, 10_000)).toBe(true);
  await older.stop();
  expect([await rows(), await rows({ version: 2, build: 0 })].map((all) => all.length)).toEqual([5, 3]);
});

it('of a build that is begun are none but its own, whatever lay there', async () => {
  const log = new TalkingLog();
  await log.commitSome(3);
  await filled(log);
  await pool.query(`delete from projection.table_checkpoint`);
  await pool.query(`update projection.event_row set says = 'of an older meaning'`);
  await filled(log);
  expect((await rows()).map(({ says }) => says)).toEqual(Array(3).fill('1: EquityMarked'));
});
