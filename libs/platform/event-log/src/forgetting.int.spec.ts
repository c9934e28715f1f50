import type { Answer } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT, type Instant, type Uuid } from '@core/contracts/primitives';
import { caseOf, quarantineIdOf } from '@core/contracts/quarantine';
import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { generateKeyPairSync } from 'node:crypto';
import { Client } from 'pg';
import { checkpointsAfter } from './checkpoint-table.ts';
import { aBatch, anEquityMark } from './event-log.contract.ts';
import { LogFenced } from './event-log.ts';
import { sealNext } from './log-sealer.ts';
import { migrateEventLog } from './migrations.ts';
import { PostgresEventLogWriter } from './postgres-event-log-writer.ts';
import { verifyMoment, type Verification } from './verify.ts';

/**
 * Positions 1 to 40 lie in ten batches, a second apart; 1 to 20 and 21 to 32 are signed. Each batch has an answer of a
 * command, the second and the seventh a case of the quarantine, of which the first was skipped in the fourth.
 */
const keys = generateKeyPairSync('ed25519');
const at = (batch: number): Instant => `2026-01-05T10:00:${String(batch).padStart(2, '0')}.000000Z`;
const halts = Array.from({ length: 10 }, () => aCommand('HaltTrading', {}, { commandid: newId(), subject: newId() }));
const [first, second] = ['{one', '{two'].map((text) => Buffer.from(text)) as [Buffer, Buffer];
const quarantined = (body: Buffer) => ({
  ...{ messageId: caseOf(body), origin: 'intake', reason: 'malformed', detail: 'x' },
  body,
});
const told = (body: Buffer) =>
  anEvent(
    'MessageQuarantined',
    { messageId: caseOf(body) },
    { id: quarantineIdOf(caseOf(body)), subject: SYSTEM_ACCOUNT },
  );

let database: FreshDatabase;
let owner: Client;
const writers: PostgresEventLogWriter[] = [];

async function open(forgottenBytes = 65_536): Promise<PostgresEventLogWriter> {
  const rest = { url: database.url, build: 'spec@0', appendTimeoutMs: 20_000, onLost: () => undefined };
  const writer = await PostgresEventLogWriter.seize({ ...rest, forgottenBytes });
  writers.push(writer);
  return writer;
}

beforeEach(async () => {
  database = await freshDatabase();
  await migrateEventLog(database.url);
  owner = new Client({ connectionString: database.url });
  await owner.connect();
  await owner.query('set session_replication_role = replica');
  const writer = await open();
  for (const [index, { commandid, subject }] of halts.entries()) {
    const batch = index + 1;
    const halted = anEvent('TradingHalted', {}, { id: newId(), subject, causationid: commandid });
    const skipped = anEvent('MessageSkipped', { messageId: caseOf(first) }, { id: newId(), subject: SYSTEM_ACCOUNT });
    const aside = batch === 2 ? [first] : batch === 7 ? [second] : [];
    const others = [anEquityMark(), batch === 4 ? skipped : anEquityMark(), ...aside.map(told), anEquityMark()];
    const answer: Answer = { ok: true, position: 0, eventIds: [halted.id] };
    await writer.append(
      aBatch([halted, ...others].slice(0, 4), {
        recordedtime: at(batch),
        quarantined: aside.map((body) => ({ ...quarantined(body), reason: 'malformed' as const })),
        answers: [{ commandid, content: newId(), eventIds: [halted.id], answer }],
      }),
    );
    if (batch === 5 || batch === 8) await sealNext(owner, keys.privateKey, 20);
  }
});

afterEach(async () => {
  await Promise.all(writers.splice(0).map((writer) => writer.close()));
  await owner.end();
  await database.drop();
});

const forget = (writer: PostgresEventLogWriter, before: Instant) =>
  writer.forget({ ids: before, answers: before, cases: before });
async function verify(): Promise<Verification> {
  return verifyMoment(owner, {
    witness: { checkpoints: await checkpointsAfter(owner, 0), publicKey: keys.publicKey },
  });
}
async function altered(sql: string): Promise<Verification> {
  await owner.query('begin');
  try {
    await owner.query(sql);
    return await verify();
  } finally {
    await owner.query('rollback');
  }
}
const count = async (table: string): Promise<number> =>
  Number((await owner.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);
const latest = (): PostgresEventLogWriter => writers.at(-1) as PostgresEventLogWriter;

it('forgets what is old, answers by whole checkpoints, and verifies as what was committed and signed', async () => {
  // Older than the seventh batch: six of ids, and the checkpoint of the first five.
  expect(await forget(latest(), at(7))).toEqual({ ids: 24, answers: 5, cases: 1 });
  expect(await forget(latest(), at(7))).toEqual({ ids: 0, answers: 0, cases: 0 });
  expect([
    await count('core.event_identity'),
    await count('core.command_answer'),
    await count('core.quarantine'),
  ]).toEqual([16, 5, 1]);
  expect(await verify()).toMatchObject({ ok: true, signedTo: 32, forgotten: { ids: 24, answers: 20 } });
});

it('answers a command that was forgotten as the log tells it, and by a ledger that starts later too', async () => {
  await forget(latest(), at(7));
  const [one, other] = [halts[0], halts[9]].map((halt) => halt?.commandid ?? '') as [Uuid, Uuid];
  for (const writer of [latest(), await open()]) {
    const answers = await writer.answers(halts);
    expect(answers.get(one)).toMatchObject({ answer: { ok: true, position: 1, eventIds: [expect.any(String)] } });
    expect(answers.get(other)).toMatchObject({ answer: { ok: true, position: 37 } });
    expect([one, other].map((id) => writer.mayHaveForgotten(id))).toEqual([true, false]);
  }
});

it('makes its memory anew in another size', async () => {
  await forget(latest(), at(7));
  const larger = await open(262_144);
  await forget(larger, at(7));
  const again = await open(262_144);
  expect((await again.answers(halts)).size).toBe(10);
  expect(await verify()).toMatchObject({ ok: true });
});

it('forgets nothing for a writer that another one took over from', async () => {
  const before = latest();
  await open();
  await expect(forget(before, at(7))).rejects.toThrow('another writer');
  await expect(before.append(aBatch([]))).rejects.toThrow(LogFenced);
  expect(await count('core.event_identity')).toBe(40);
});

it('forgets nothing young, whatever it is asked', async () => {
  await latest().append(aBatch([anEquityMark()], { recordedtime: new Date().toISOString().replace('Z', '000Z') }));
  await expect(forget(latest(), '2999-01-01T00:00:00.000000Z')).rejects.toThrow('too young');
  expect(await count('core.event_identity')).toBeGreaterThan(0);
});

it('lets an id that came again go once more', async () => {
  await forget(latest(), at(7));
  const [known] = (
    await owner.query<{ id: Uuid; account: Uuid }>(
      `select event_id as id, account_id as account from core.event where type = 'EquityMarked' order by position limit 1`,
    )
  ).rows;
  const again = anEquityMark(known?.account, known?.id);
  expect((await latest().append(aBatch([again]))).known).toEqual([{ id: again.id, position: 2 }]);
  expect(await count('core.event_identity')).toBe(17);
  await owner.query(`update core.event_identity set again_at = '2026-01-05' where again_at is not null`);
  expect(await forget(latest(), at(7))).toMatchObject({ ids: 1 });
});

it.each([
  [
    'an id that is too young to be forgotten',
    'delete from core.event_identity where position = 25',
    25,
    /not among the known/,
  ],
  [
    'an id at another place',
    'update core.event_identity set position = 3 where position = 30',
    30,
    /not among the known/,
  ],
  ['what remembers forgotten ids', 'delete from core.forgotten_ids', 1, /not among the forgotten/],
  [
    'ids forgotten without being remembered',
    'delete from core.event_identity; update core.retention set ids_to = 40',
    25,
    /not among the forgotten/,
  ],
  [
    'one answer of a checkpoint that stands',
    'delete from core.command_answer where position = 25',
    21,
    /were answered/,
  ],
  ['another answer of it', `update core.command_answer set answer = '{}' where position = 25`, 21, /were answered/],
  [
    'an answer put where all were forgotten',
    `insert into core.command_answer values (gen_random_uuid(), 3, '{"ok":true}')`,
    1,
    /were answered/,
  ],
  ['a case that nobody settled', 'delete from core.quarantine', 28, /set aside is gone/],
])('still finds, where something was forgotten, %s', async (_, sql, position, why) => {
  await forget(latest(), at(7));
  expect(await altered(sql)).toMatchObject({ ok: false, position, why: expect.stringMatching(why) });
});
