import { CheckpointStream } from '@core/bus/checkpoint-stream';
import { verifyBundle } from '@core/log-proof/bundle';
import { publicKeyOf, publicTextOf, signingKeyOf } from '@core/log-proof/keys';
import { SignedCheckpoint } from '@core/log-proof/checkpoint';
import { readBundle } from '@core/event-log/bundle-reader';
import { DetachedLog } from '@core/event-log/detached/detached-log';
import { Health } from '@core/service/health';
import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { LedgerHarness, someFacts } from '../ledger-harness.fixture.ts';
import { LogSealing } from './log-sealing.ts';

const key = randomBytes(32).toString('base64');
const publicKey = publicKeyOf(publicTextOf(signingKeyOf(key)));
let harness: LedgerHarness;
let elsewhere: FreshDatabase;
let other: ThrowawayNats;
let folder: string;
const ada = newId();
const bob = newId();

beforeAll(async () => {
  [harness, elsewhere, other] = await Promise.all([LedgerHarness.open(), freshDatabase(), ThrowawayNats.start()]);
  folder = mkdtempSync(join(tmpdir(), 'sealing-spec-'));
  await harness.know(ada, bob);
});
afterAll(async () => {
  await harness.close();
  await elsewhere.drop();
  await other.stop();
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, 'checkpoints.ndjson');
/** Rounds are asked for by hand. */
const start = () =>
  harness.start({
    ...{
      SEAL_KEY: key,
      SEAL_FILE: file(),
      SEAL_DATABASE_URL: elsewhere.url,
      SEAL_NATS_URL: other.url,
      SEAL_EVENTS: '20',
      SEAL_EVERY_MS: '60000',
    },
  });
/** None before the first round that had something to sign. */
const kept = (): SignedCheckpoint[] =>
  (existsSync(file()) ? readFileSync(file(), 'utf8').trimEnd().split('\n') : []).map((line) =>
    SignedCheckpoint.parse(JSON.parse(line)),
  );
const record = async (count: number): Promise<void> => {
  // What is committed together is signed together.
  for (const [account, events] of [
    [ada, count],
    [bob, 3],
  ] as const) {
    harness.sender.send(account, someFacts(account, events));
    await harness.sender.idle();
  }
};
async function withPool<Value>(connectionString: string, use: (pool: Pool) => Promise<Value>): Promise<Value> {
  const pool = new Pool({ connectionString, max: 1 });
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}

/** A round under way may have begun before the last event. */
const sealed = (app: Awaited<ReturnType<typeof start>>): Promise<void> =>
  until(async () => {
    await app.get(LogSealing).round();
    return kept().at(-1)?.last === (await harness.log.head());
  });
const notes = async (app: Awaited<ReturnType<typeof start>>) => (await app.get(Health).readiness()).notes ?? [];

it('signs what was committed, keeps it elsewhere, goes on after a restart, and says when the log is cut', async () => {
  const first = await start();
  await record(50);
  await sealed(first);
  const head = await harness.log.head();
  expect(kept().length).toBeGreaterThan(1);
  expect(await harness.log.verify({ witness: { checkpoints: kept(), publicKey } })).toMatchObject({ signedTo: head });

  // A bundle shows one account's events, all of them, and proves each.
  const bundle = await withPool(harness.database.url, (pool) => readBundle(pool, new DetachedLog(undefined), bob));
  expect(verifyBundle(bundle, publicKey)).toMatchObject({ ok: true, events: 3, versions: [1, 3] });
  expect(JSON.stringify(bundle)).not.toContain(ada);

  // A crash in the middle of a line, and a ledger after it.
  await harness.stop();
  appendFileSync(file(), '{"first":');
  const second = await start();
  await record(5);
  await sealed(second);
  expect(await notes(second)).toEqual([]);
  await harness.stop();

  const there = await withPool(elsewhere.url, (pool) => pool.query('select last from log_checkpoint order by last'));
  expect(there.rows.map(({ last }: { last: string }) => Number(last))).toEqual(kept().map(({ last }) => last));

  const stream = await CheckpointStream.open(other.url);
  expect(await stream.all()).toEqual(kept());
  await stream.close();

  // Whoever owns the database takes the end of the log away, books and all.
  await harness.sql(`set session_replication_role = replica;
    delete from core.checkpoint where last > ${head}; delete from core.batch where last > ${head};
    delete from core.event_identity where position > ${head}; delete from core.event where position > ${head};
    update core.log_head set position = ${head}, digest = b.digest, recorded_at = b.recorded_at
      from core.batch b where b.last = ${head};
    delete from core.command_answer where position > ${head}`);
  expect(await harness.log.verify()).toMatchObject({ ok: true });
  expect(await harness.log.verify({ witness: { checkpoints: kept(), publicKey } })).toMatchObject({
    ok: false,
    position: head + 1,
  });
  const third = await start();
  await until(async () => (await notes(third)).join().split('that this log does not').length === 4);
});

it('goes on without a place that cannot be had, and brings it up to the rest when it is back', async () => {
  await harness.stop();
  const fresh = await LedgerHarness.open();
  const [place, account] = [await ThrowawayNats.start(), newId()];
  try {
    await fresh.know(account);
    const app = await fresh.start({ SEAL_KEY: key, SEAL_NATS_URL: place.url, SEAL_EVENTS: '20' });
    const tell = async () => {
      fresh.sender.send(account, someFacts(account, 30));
      await fresh.sender.idle();
      await app.get(LogSealing).round();
    };
    await tell();
    await place.kill();
    await tell();
    await place.boot();
    await tell();
    const stream = await CheckpointStream.open(place.url);
    await until(async () => {
      await app.get(LogSealing).round();
      return (await stream.last())?.last === (await fresh.log.head());
    });
    const checkpoints = await stream.all();
    await stream.close();
    expect(await fresh.log.verify({ witness: { checkpoints, publicKey } })).toMatchObject({ signedTo: 90 });
  } finally {
    await fresh.close();
    await place.stop();
  }
});
