import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { freshDatabase, withClient, type FreshDatabase } from '@core/testing/fresh-database';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allOf } from './event-log.contract.ts';
import { migrateEventLog } from './migrations.ts';
import { PostgresEventLogWriter } from './postgres-event-log-writer.ts';

/** As `pg_dump` told it of a log that the build before decision 98 wrote. */
const DUMP = readFileSync(join(__dirname, 'log-before-0098.fixture.sql'), 'utf8');
const [ADA, BOB] = [exampleId(0xacc1), exampleId(0xacc2)];

let database: FreshDatabase;
let writer: PostgresEventLogWriter;

beforeAll(async () => {
  database = await freshDatabase();
  await withClient(database.url, (client) => client.query(DUMP));
  await Promise.all([migrateEventLog(database.url), migrateEventLog(database.url)]);
  const onLost = (error: Error): never => {
    throw error;
  };
  writer = await PostgresEventLogWriter.open({ url: database.url, build: 'spec', appendTimeoutMs: 60_000, onLost });
});

afterAll(async () => {
  await writer.close();
  await database.drop();
});

it('is what was committed', async () => {
  expect(await writer.verify()).toMatchObject({ ok: true, events: 6, batches: 3 });
  expect(await allOf(writer.read(0))).toHaveLength(6);
});

it('keeps where its intake stands, whose accounts it has and what was answered', async () => {
  expect(await writer.checkpoint()).toEqual({ incarnation: '2026-01-05', sequence: 18, batchid: exampleId(0xbb) });
  expect([...(await writer.accounts())].toSorted()).toEqual([ADA, BOB]);
  expect([...(await writer.answeredOf([exampleId(0xc001), exampleId(0xc009)]))]).toEqual([exampleId(0xc001)]);
});

it('is written on: positions and versions follow, and what it has is known again', async () => {
  const known = anEvent('AccountUpdated', {}, { id: exampleId(0xe002), subject: ADA });
  const next = anEvent('EquityMarked', {}, { id: exampleId(0xf001), subject: ADA });
  const batch = { answers: [], quarantined: [], checkpoint: null, recordedtime: '2026-01-05T11:00:00.000000Z' };
  const appended = await writer.append({ ...batch, events: [known, next] });
  expect(appended.known).toEqual([{ id: known.id, position: 2 }]);
  expect(appended.recorded).toMatchObject([{ id: next.id, position: 7, version: 5 }]);
  expect(await writer.verify()).toMatchObject({ ok: true, events: 7, batches: 4 });
});

it('is named where it was altered before', async () => {
  const altered = await freshDatabase();
  try {
    await withClient(altered.url, (client) => client.query(DUMP.replace('"currency":"USD"', '"currency":"EUR"')));
    await migrateEventLog(altered.url);
    const log = await PostgresEventLogWriter.open({
      ...{ url: altered.url, build: 'spec', appendTimeoutMs: 60_000, onLost: () => undefined },
    });
    expect(await log.verify()).toMatchObject({ ok: false, position: 2, why: expect.stringMatching(/not what was/) });
    await log.close();
  } finally {
    await altered.drop();
  }
});
