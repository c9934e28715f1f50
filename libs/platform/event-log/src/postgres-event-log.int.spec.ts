import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { Client } from 'pg';
import { aBatch, aFact, allOf, describeEventLog } from './event-log.contract.ts';
import { migrateEventLog } from './migrations.ts';
import { PostgresEventLogWriter } from './postgres-event-log-writer.ts';
import { PostgresEventLog } from './postgres-event-log.ts';

const lost: Error[] = [];
const options = (url: string) => ({
  url,
  build: 'spec@0',
  appendTimeoutMs: 20_000,
  onLost: (error: Error) => lost.push(error),
});

/** The truth, with a superuser's hands. */
async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

let database: FreshDatabase;
const open: { close(): Promise<void> }[] = [];
const writerOf = async (url: string) => {
  const writer = await PostgresEventLogWriter.seize(options(url));
  open.push(writer);
  return writer;
};
const readerOf = (url: string) => {
  const reader = new PostgresEventLog({ url });
  open.push(reader);
  return reader;
};
const closeAll = async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  await database.drop();
};

describeEventLog('postgres', async () => {
  database = await freshDatabase();
  await migrateEventLog(database.url);
  const reader = readerOf(database.url);
  return { writer: () => writerOf(database.url), reader: () => reader, close: closeAll };
});

describe('postgres event log', () => {
  beforeEach(async () => {
    database = await freshDatabase();
    await migrateEventLog(database.url);
  });
  afterEach(closeAll);

  it('is migrated by several processes at once', async () => {
    await Promise.all([1, 2, 3].map(() => migrateEventLog(database.url)));
    expect(await readerOf(database.url).head()).toBe(0);
  });

  it('makes partitions ahead of the head and reads across them', async () => {
    await query(database.url, 'update core.log_head set partition_events = 60000');
    const writer = await writerOf(database.url);
    const { recorded } = await writer.append(aBatch([aFact(), aFact()]));
    const partitions = await query<{ count: string }>(
      database.url,
      `select count(*) from pg_inherits where inhparent = 'core.event'::regclass`,
    );
    expect(Number(partitions[0]?.count)).toBeGreaterThan(1);
    await query(database.url, 'update core.log_head set position = 59999');
    await writer.append(aBatch([aFact(), aFact()]));
    expect(await query(database.url, 'select position from core.event_from_60001')).toHaveLength(1);
    expect(recorded).toHaveLength(2);
  });

  it('is insert only, for everyone and on every path', async () => {
    const writer = await writerOf(database.url);
    await writer.append(aBatch([aFact()]));
    for (const table of ['event', 'event_from_1', 'batch']) {
      for (const change of [`update core.${table} set producer = 'x'`, `delete from core.${table}`]) {
        await expect(query(database.url, change)).rejects.toThrow('insert only');
      }
      await expect(query(database.url, `truncate core.${table}`)).rejects.toThrow('insert only');
    }
  });

  it('gives the writer no right to change the log, and readers none to write at all', async () => {
    const writer = await writerOf(database.url);
    expect(writer.unrestricted).toBe(false);
    const rights = await query<{ right: string }>(
      database.url,
      `select privilege_type as right from information_schema.role_table_grants
       where grantee = 'trading_core_writer' and table_schema = 'core' and table_name in ('event', 'batch') order by 1`,
    );
    expect([...new Set(rights.map(({ right }) => right))]).toEqual(['INSERT', 'SELECT']);
  });

  it('lets a second instance wait for the lock and take over when the first is gone', async () => {
    const first = await PostgresEventLogWriter.open(options(database.url));
    await first.append(aBatch([aFact()]));
    const standby = PostgresEventLogWriter.open(options(database.url));
    const early = await Promise.race([standby.then(() => 'open'), first.head().then(() => 'waiting')]);
    expect(early).toBe('waiting');
    await first.close();
    const second = await standby;
    open.push(second);
    expect((await second.append(aBatch([aFact()]))).recorded[0]?.position).toBe(2);
  });

  it('tells when the connection, and with it the lock, is lost', async () => {
    lost.length = 0;
    const writer = await writerOf(database.url);
    const pending = writer.append(aBatch([aFact()]));
    await pending;
    await query(
      database.url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await expect(writer.append(aBatch([aFact()]))).rejects.toThrow();
    expect(lost.length).toBeGreaterThan(0);
  });

  it('reads many pages, each once', async () => {
    const writer = await writerOf(database.url);
    const account = newId();
    for (let count = 0; count < 12; count += 1) {
      await writer.append(aBatch(Array.from({ length: 1_000 }, () => aFact(account))));
    }
    const positions = (await allOf(readerOf(database.url).read(500))).map(({ position }) => position);
    expect(positions).toEqual(Array.from({ length: 11_500 }, (_, index) => index + 501));
    expect(await allOf(readerOf(database.url).readAccount(account, 2))).toHaveLength(11_998);
  });
});
