import { anEvent } from '@core/contracts/examples.fixture';
import { instantFromMicros } from '@core/kernel/instant';
import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { until } from '@core/testing/until';
import fc from 'fast-check';
import { Client } from 'pg';
import { DIGESTS_IN_SQL } from './batch-digest.fixture.ts';
import { aBatch, anEquityMark, allOf, describeEventLog } from './event-log.contract.ts';
import { LogFenced } from './event-log.ts';
import { describeForgetting } from './forgetting.contract.ts';
import { migrateEventLog } from './migrations.ts';
import { PostgresEventLogWriter } from './postgres-event-log-writer.ts';
import { PostgresEventLog } from './postgres-event-log.ts';
import { whyTextUnstorable } from './storable.ts';
import { decodeLine } from './stored-line.ts';
import { upcasters } from './upcast.ts';
import { WRITER_LOCK } from './writer-lock.ts';

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

/** What Postgres spells with fewer digits, or not at all. */
const EDGES_OF_TIME = ['0001-01-01T00:00:00.000000Z', '9999-12-31T23:59:59.999999Z'].concat(
  ['000000', '500000', '050000', '000001', '999999', '120000', '000010'].map(
    (micros) => `2024-02-29T23:59:59.${micros}Z`,
  ),
);

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

const openLog = async () => {
  database = await freshDatabase();
  await migrateEventLog(database.url);
  const reader = readerOf(database.url);
  return { writer: () => writerOf(database.url), reader: () => reader, close: closeAll };
};

describeEventLog('postgres', openLog);
describeForgetting('postgres', 15, openLog);

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
    const { recorded } = await writer.append(aBatch([anEquityMark(), anEquityMark()]));
    const partitions = await query<{ count: string }>(
      database.url,
      `select count(*) from pg_inherits where inhparent = 'core.event'::regclass`,
    );
    expect(Number(partitions[0]?.count)).toBeGreaterThan(1);
    await query(database.url, 'update core.log_head set position = 59999');
    await (await writerOf(database.url)).append(aBatch([anEquityMark(), anEquityMark()]));
    expect(await query(database.url, 'select position from core.event_from_60001')).toHaveLength(1);
    expect(recorded).toHaveLength(2);
  });

  it('reads of a row exactly what its line says, to the last microsecond and quotation mark', async () => {
    const micros = fc.integer({ min: Date.UTC(1, 0) * 1000, max: Date.UTC(9999, 11) * 1000 });
    const instant = fc.oneof(micros.map(instantFromMicros), ...EDGES_OF_TIME.map((edge) => fc.constant(edge)));
    const text = fc.string({ unit: 'grapheme' }).filter((some) => whyTextUnstorable(JSON.stringify(some)) === null);
    const source = text.map((some) => `"${some.replaceAll(/[\x00-\x1f\x7f]/g, '')}\\`);
    const event = fc
      .record({ time: instant, source, note: text, causationid: fc.option(fc.uuid()) })
      .map(({ note, ...envelope }) =>
        anEvent('TradingHalted', { operator: 'ada', note }, { id: newId(), subject: newId(), ...envelope }),
      );
    const writer = await writerOf(database.url);
    for (const [index, events] of fc.sample(fc.array(event, { minLength: 1, maxLength: 20 }), 50).entries())
      await writer.append(
        aBatch(events, { recordedtime: instantFromMicros(Date.UTC(2026, 0) * 1000 + index * 100_001) }),
      );
    const lines = await query<{ line: string }>(
      database.url,
      'select core.event_line(e) as line from core.event e order by position',
    );
    const read = await allOf(readerOf(database.url).read(0));
    expect(read.map((each) => JSON.stringify(each))).toEqual(
      lines.map(({ line }) => JSON.stringify(decodeLine(line, upcasters))),
    );
  });

  it('is insert only, for everyone and on every path', async () => {
    const writer = await writerOf(database.url);
    await writer.append(aBatch([anEquityMark()]));
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
    await first.append(aBatch([anEquityMark()]));
    const standby = PostgresEventLogWriter.open(options(database.url));
    const early = await Promise.race([standby.then(() => 'open'), first.head().then(() => 'waiting')]);
    expect(early).toBe('waiting');
    await first.close();
    const second = await standby;
    open.push(second);
    expect((await second.append(aBatch([anEquityMark()]))).recorded[0]?.position).toBe(2);
  });

  it('ends a writer that holds the lock and shows no sign of life, and takes over', async () => {
    const frozen = new Client({ connectionString: database.url });
    const ended = new Promise((resolve) => frozen.on('error', resolve));
    await frozen.connect();
    await frozen.query('select pg_advisory_lock($1)', [WRITER_LOCK]);
    const writer = await PostgresEventLogWriter.open({ ...options(database.url), silentMs: 100 });
    open.push(writer);
    expect(await ended).toMatchObject({ code: '57P01' });
    expect((await writer.append(aBatch([anEquityMark()]))).recorded).toHaveLength(1);
  });

  it('lets a writer work for as long as it takes', async () => {
    const working = new Client({ connectionString: database.url });
    await working.connect();
    await working.query('select pg_advisory_lock($1)', [WRITER_LOCK]);
    const worked = working.query('select pg_sleep(1.5)').then(() => working.end());
    const standby = PostgresEventLogWriter.open({ ...options(database.url), silentMs: 100 });
    await expect(worked).resolves.toBeUndefined();
    open.push(await standby);
  });

  it('tells when the connection, and with it the lock, is lost', async () => {
    lost.length = 0;
    const writer = await writerOf(database.url);
    const pending = writer.append(aBatch([anEquityMark()]));
    await pending;
    await query(
      database.url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await expect(writer.append(aBatch([anEquityMark()]))).rejects.toThrow();
    await until(() => lost.length > 0);
  });

  it('commits nothing more once the log does not end where this writer left it', async () => {
    const writer = await writerOf(database.url);
    await writer.append(aBatch([anEquityMark()]));
    const end = async (change: string) => {
      await query(database.url, `update core.log_head set ${change}`);
      await expect(writer.append(aBatch([anEquityMark()]))).rejects.toThrow(LogFenced);
    };
    await end('position = 2');
    await end(`position = 1, digest = ''`);
    expect(await allOf(readerOf(database.url).read(0))).toHaveLength(1);
  });

  it('reads many pages, each once', async () => {
    const writer = await writerOf(database.url);
    const account = newId();
    for (let count = 0; count < 12; count += 1) {
      await writer.append(aBatch(Array.from({ length: 1_000 }, () => anEquityMark(account))));
    }
    const positions = (await allOf(readerOf(database.url).read(500))).map(({ position }) => position);
    expect(positions).toEqual(Array.from({ length: 11_500 }, (_, index) => index + 501));
    expect(await allOf(readerOf(database.url).readAccount(account, 2))).toHaveLength(11_998);
  });

  describe('verify', () => {
    const at = '2026-01-05T10:00:00.123450Z';
    const fill = async () => {
      const writer = await writerOf(database.url);
      const account = newId();
      for (const size of [1, 3, 1_000, 2]) {
        const events = Array.from({ length: size }, () => ({
          ...anEquityMark(account),
          time: at,
          causationid: newId(),
        }));
        await writer.append(aBatch(events, { recordedtime: at }));
      }
      return writer;
    };
    /** As someone would who owns the server and knows about the triggers. */
    const tamper = (sql: string) => query(database.url, `set session_replication_role = replica; ${sql}`);

    it('accepts what was committed', async () => {
      await fill();
      expect(await readerOf(database.url).verify()).toMatchObject({ ok: true, events: 1_006, batches: 4 });
    });

    it.each([
      ['a changed amount', `update core.event set data = '{"equity":"1"}' where position = 700`, 700],
      ['a changed time', `update core.event set occurred_at = occurred_at + interval '1 us' where position = 3`, 3],
      ['a changed account', `update core.event set account_id = event_id where position = 701`, 701],
      ['a deleted event', 'delete from core.event where position = 500', 500],
      ['a deleted tail', 'delete from core.event where position > 1005', 1_006],
      ['a deleted batch', 'delete from core.batch where first = 5', 5],
      ['a changed producer', `update core.batch set producer = 'x' where first = 2`, 2],
      ['a forgotten id', 'delete from core.event_identity where position = 9', 9],
    ])('names the first position of %s', async (_, sql, position) => {
      await fill();
      await tamper(sql);
      expect(await readerOf(database.url).verify()).toMatchObject({ ok: false, position });
    });

    it('names what lies beyond the head, and nobody reads it', async () => {
      await fill();
      const [event] = await allOf(readerOf(database.url).read(1_005));
      await tamper(`insert into core.event
        select 1007, account_id, version + 1, gen_random_uuid(), type, schema_version, occurred_at, recorded_at,
          correlation_id, causation_id, producer, data from core.event where position = 1006`);
      const reader = readerOf(database.url);
      expect(await reader.verify()).toMatchObject({ ok: false, position: 1_007 });
      expect(await allOf(reader.readAccount(event?.subject ?? ''))).toHaveLength(1_006);
      expect(await allOf(reader.readAccount(event?.subject ?? '', 0, { position: 9_999 }))).toHaveLength(1_006);
      const last = await reader.readCorrelation(event?.correlationid ?? '');
      expect(Math.max(...last.map(({ position }) => position))).toBeLessThan(1_007);
    });

    it('notices a batch that was computed anew, checksums and all', async () => {
      await fill();
      await tamper(`${DIGESTS_IN_SQL}
        update core.event set data = '{}' where position = 3;
        update core.batch set checksums = pg_temp.checksums(2, 4) where first = 2;
        update core.batch b set digest = pg_temp.batch_digest(previous_digest, first, last, core.instant(recorded_at), producer,
          (select string_agg(core.event_line(e), e'\\n' order by position)
           from core.event e where position between 2 and 4)) where first = 2`);
      expect(await readerOf(database.url).verify()).toMatchObject({ ok: false, position: 5 });
    });
  });
});
