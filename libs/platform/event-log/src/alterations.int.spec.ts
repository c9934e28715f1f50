import { anEvent } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { caseOf, quarantineIdOf } from '@core/contracts/quarantine';
import type { SignedCheckpoint } from '@core/log-proof/checkpoint';
import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { generateKeyPairSync } from 'node:crypto';
import { Client } from 'pg';
import { checkpointsAfter } from './checkpoint-table.ts';
import { aBatch, anEquityMark } from './event-log.contract.ts';
import { LogFault } from './checked-batch.ts';
import { sealNext } from './log-sealer.ts';
import { migrateEventLog } from './migrations.ts';
import { PostgresEventLogWriter } from './postgres-event-log-writer.ts';
import { DIGESTS_IN_SQL } from './batch-digest.fixture.ts';
import { verifyMoment, type Verification, type Witness } from './verify.ts';

/**
 * Whoever owns the database alters the log: each kind is named. Positions 1 to 42 lie in ten batches; 1 to 20 and 21 to 36
 * are signed, the last batch is not yet.
 */
const keys = generateKeyPairSync('ed25519');
let database: FreshDatabase;
let client: Client;
let witness: Witness;

const ada = newId();

beforeAll(async () => {
  database = await freshDatabase();
  await migrateEventLog(database.url);
  const options = { url: database.url, build: 'spec@0', appendTimeoutMs: 20_000, onLost: () => undefined };
  const writer = await PostgresEventLogWriter.seize(options);
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`set session_replication_role = replica; ${DIGESTS_IN_SQL}`);
  const body = Buffer.from('{broken');
  const messageId = caseOf(body);
  const aside = anEvent(
    'MessageQuarantined',
    { messageId },
    { id: quarantineIdOf(messageId), subject: SYSTEM_ACCOUNT },
  );
  for (let batch = 1; batch <= 10; batch += 1) {
    const events = Array.from({ length: batch === 10 ? 6 : 4 }, (_, index) => anEquityMark(index % 2 ? ada : newId()));
    const second = `${batch}`.padStart(2, '0');
    await writer.append(
      aBatch(batch === 3 ? [...events, aside] : batch === 4 ? events.slice(1) : events, {
        recordedtime: `2026-01-05T10:00:${second}.000001Z`,
        quarantined: batch === 3 ? [{ messageId, origin: 'intake', reason: 'malformed', detail: 'x', body }] : [],
        answers: [
          {
            ...{ commandid: newId(), content: newId(), eventIds: [events[3]?.id ?? ''] },
            answer: { ok: true, position: 0, eventIds: [] },
          },
        ],
      }),
    );
    if (batch === 5 || batch === 9) await sealNext(client, keys.privateKey, 20);
  }
  await writer.close();
  witness = { checkpoints: await checkpointsAfter(client, 0), publicKey: keys.publicKey };
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const verify = (given: Partial<Witness> | null = {}): Promise<Verification> =>
  verifyMoment(client, given === null ? {} : { witness: { ...witness, ...given } });

/** What is said while an alteration stands; it is taken back. */
async function altered(sql: string, given: Partial<Witness> | null = {}): Promise<Verification> {
  await client.query('begin');
  try {
    await client.query(sql);
    return await verify(given);
  } finally {
    await client.query('rollback');
  }
}

it('accepts what was committed and signed', async () => {
  expect(witness.checkpoints.map(({ first, last }) => [first, last])).toEqual([
    [1, 20],
    [21, 36],
  ]);
  expect(await verify()).toMatchObject({ ok: true, events: 42, batches: 10, signedTo: 36 });
  expect(await verify(null)).toMatchObject({ ok: true, signedTo: null });
});

/** Digests, checksums and the head put right after an alteration, as someone would who knows how they are made. */
const RECOMPUTED = `
  do $$ declare b record; before bytea := ''; begin
    for b in select * from core.batch order by first loop
      update core.batch set previous_digest = before,
        checksums = pg_temp.checksums(b.first, b.last),
        digest = pg_temp.batch_digest(before, b.first, b.last, core.instant(b.recorded_at), b.producer,
          (select string_agg(core.event_line(e), e'\\n' order by position)
            from core.event e where position between b.first and b.last))
        where first = b.first returning digest into before;
    end loop;
    update core.log_head set digest = before,
      recorded_at = coalesce((select max(recorded_at) from core.batch), '-infinity');
  end $$;`;

const BOOKS_PUT_RIGHT = `
  delete from core.event_identity i where not exists (select from core.event e where e.event_id = i.event_id);
  delete from core.quarantine q where not exists (
    select from core.event e where e.type = 'MessageQuarantined' and e.data->>'messageId' = q.message_id);
  delete from core.command_answer where position > (select position from core.log_head);`;

const cutAfter = (position: number): string => `
  delete from core.event where position > ${position};
  delete from core.batch where last > ${position};
  update core.log_head set position = ${position};
  ${RECOMPUTED} ${BOOKS_PUT_RIGHT}`;

describe('is named without a witness', () => {
  it.each([
    ['changed data', `update core.event set data = '{"equity":"1"}' where position = 7`, 7, /not what was/],
    ['one space more', `update core.event set data = (data::text || ' ')::json where position = 7`, 7, /not what was/],
    [
      'another time',
      `update core.event set occurred_at = occurred_at + interval '1 us' where position = 3`,
      3,
      /not what was/,
    ],
    [
      'another time of recording',
      `update core.event set recorded_at = now() where position = 3`,
      3,
      /not that of its batch/,
    ],
    ['another account', `update core.event set account_id = event_id where position = 6`, 6, /version does not follow/],
    ['another version', `update core.event set version = version + 1 where position = 6`, 6, /version does not follow/],
    [
      'two rows with each other’s data',
      `update core.event e set data = o.data, type = o.type from core.event o
       where (e.position, o.position) in ((13, 12), (12, 13))`,
      12,
      /not what was/,
    ],
    [
      'two rows in each other’s places',
      `update core.event set position = 999 where position = 2; update core.event set position = 2 where position = 3;
       update core.event set position = 3 where position = 999`,
      2,
      /not what was|not among/,
    ],
    ['a deleted event', 'delete from core.event where position = 17', 17, /missing/],
    ['the last event deleted', 'delete from core.event where position = 42', 42, /missing/],
    [
      'a deleted batch',
      'delete from core.event where position between 5 and 8; delete from core.batch where first = 5',
      5,
      /no batch/,
    ],
    [
      'the last batch deleted',
      'delete from core.event where position > 36; delete from core.batch where first = 37',
      37,
      /no batch/,
    ],
    ['another producer of a batch', `update core.batch set producer = 'x' where first = 5`, 5, /not what was/],
    [
      'another time of a batch',
      `update core.batch set recorded_at = now() where first = 5`,
      5,
      /not that of its batch/,
    ],
    [
      'other checksums',
      'update core.batch set checksums = set_byte(checksums, 0, get_byte(checksums, 0) # 1) where first = 5',
      5,
      /checksums/,
    ],
    ['another digest before', `update core.batch set previous_digest = '' where first = 5`, 5, /does not follow/],
    ['another digest of the head', `update core.log_head set digest = ''`, 42, /another digest/],
    ['another time of the head', `update core.log_head set recorded_at = now()`, 42, /another time/],
    [
      'a row beyond the head',
      `insert into core.event select 43, account_id, 99, gen_random_uuid(), type, schema_version, occurred_at, recorded_at,
         correlation_id, causation_id, producer, data from core.event where position = 42`,
      43,
      /beyond the head/,
    ],
    [
      'a batch beyond the head',
      `insert into core.batch select 43, 43, recorded_at, producer, digest, digest, checksums from core.batch where first = 37`,
      43,
      /beyond the head/,
    ],
    ['a forgotten id', 'delete from core.event_identity where position = 9', 9, /not among the known/],
    ['an id that nothing has', 'insert into core.event_identity values (gen_random_uuid(), 30)', 30, /no event has it/],
    ['an account forgotten', 'delete from core.account', 42, /is not among the known ones/],
    ['quarantine emptied', 'delete from core.quarantine', 13, /set aside is gone/],
    [
      'quarantine filled',
      `insert into core.quarantine values ('x', now(), 'x', 'malformed', 'x', '')`,
      42,
      /does not tell of/,
    ],
    [
      'an answer beyond the head',
      `insert into core.command_answer values (gen_random_uuid(), 50, '{}')`,
      43,
      /beyond the head/,
    ],
    [
      'one batch computed anew',
      `update core.event set data = '{}' where position = 7; update core.batch b set
       digest = pg_temp.batch_digest(previous_digest, first, last, core.instant(recorded_at), producer,
         (select string_agg(core.event_line(e), e'\n' order by position) from core.event e where position between 5 and 8))
       where first = 5`,
      5,
      /checksums/,
    ],
  ])('%s', async (_, sql, position, why) => {
    expect(await altered(sql, null)).toEqual({ ok: false, position, why: expect.stringMatching(why) as string });
  });
});

describe('is named by what was signed', () => {
  it.each([
    [
      'the tail cut off, and all books put right',
      cutAfter(20),
      21,
      /the log ends before it, and everything up to 36 was signed/,
    ],
    ['everything emptied', cutAfter(0), 1, /the log is empty, and everything up to 36 was signed/],
    [
      'the whole chain computed anew over another past',
      `update core.event set data = '{}' where position = 7; ${RECOMPUTED}`,
      1,
      /not what was signed at/,
    ],
    [
      'the same further on',
      `update core.event set data = '{}' where position = 30; ${RECOMPUTED}`,
      21,
      /not what was signed at/,
    ],
    [
      'another answer to a command',
      `update core.command_answer set answer = '{"ok":false}' where position = 8`,
      1,
      /commands were answered/,
    ],
    ['a forgotten answer', 'delete from core.command_answer where position = 24', 21, /commands were answered/],
  ])('%s', async (_, sql, position, why) => {
    expect(await altered(sql)).toEqual({ ok: false, position, why: expect.stringMatching(why) as string });
    expect(await altered(sql, null)).toMatchObject({ ok: true });
  });

  it('what came after the last signature can be cut off, and no more', async () => {
    expect(await altered(cutAfter(36))).toMatchObject({ ok: true, events: 36, signedTo: 36 });
  });
});

describe('a witness', () => {
  const second = (): SignedCheckpoint => witness.checkpoints[1] as SignedCheckpoint;

  it('is not believed with another key, nor where one of its checkpoints is missing', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(await verify({ publicKey })).toMatchObject({
      ok: false,
      position: 1,
      why: expect.stringMatching(/not signed by this key/) as string,
    });
    expect(await verify({ checkpoints: [second()] })).toMatchObject({
      ok: false,
      why: expect.stringMatching(/no checkpoint covers/) as string,
    });
  });

  it('is not made of a log that was altered', async () => {
    await client.query('begin');
    await client.query(`update core.event set data = '{}' where position = 40`);
    await expect(sealNext(client, keys.privateKey, 10)).rejects.toThrow(LogFault);
    await client.query('rollback');
  });
});
