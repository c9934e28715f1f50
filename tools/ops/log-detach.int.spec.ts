import { checkpointsAfter } from '@core/event-log/checkpoint-table';
import { sealNext } from '@core/event-log/log-sealer';
import { anEquityMark } from '@core/event-log/event-log.contract';
import { publicTextOf } from '@core/log-proof/keys';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { AGREED, json, ops, OpsHarness } from './ops-harness.fixture.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const key = publicTextOf(privateKey);
let harness: OpsHarness;
let folder: string;

beforeAll(async () => {
  harness = await OpsHarness.open();
  folder = await mkdtemp(join(tmpdir(), 'detached-'));
  process.env['DATABASE_DETACHED'] = folder;
  const client = new Client({ connectionString: harness.database.url });
  await client.connect();
  await client.query('update core.log_head set partition_events = 10');
  await client.query('select core.partition_until(40)');
  await client.query('update core.log_head set partition_events = 200000');
  for (let batch = 0; batch < 5; batch += 1)
    await harness.append(Array.from({ length: 7 }, () => anEquityMark(harness.account)));
  while (await sealNext(client, privateKey, 7));
  expect(await checkpointsAfter(client, 0)).toHaveLength(5);
  await client.end();
});

async function asOwner(sql: string): Promise<readonly object[]> {
  const client = new Client({ connectionString: harness.database.url });
  await client.connect();
  const { rows } = await client.query<object>(sql);
  await client.end();
  return rows;
}

afterAll(async () => {
  delete process.env['DATABASE_DETACHED'];
  await harness.close();
  await rm(folder, { recursive: true });
});

it('detaches what is signed and says what is next; the log knows who did it', async () => {
  expect(await ops('log', 'detach', '--to', '25', ...AGREED)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--key/) as string,
  });
  const { code, out, err } = await ops('log', 'detach', '--to', '25', '--key', key, ...AGREED);
  expect({ code, out }).toEqual({
    code: 0,
    out: [
      'log-000000000001-000000000014.gz: positions 1 to 14',
      'log-000000000015-000000000021.gz: positions 15 to 21',
      'the oldest partition that is left ends at position 30, beyond 25',
    ].join('\n'),
  });
  expect(err).toMatch(/positions 1 to 14: proven\npositions 1 to 14: named\npositions 1 to 14: detached/);
  expect((await ops('audit')).out).toMatch(/positions 15 to 21 detached, by grace: as agreed/);
});

/** How often the log says so. */
const told = async (words: string): Promise<number> => (await ops('audit')).out.split(words).length - 1;

it('is one act in the log, also where it died before that was noted', async () => {
  await asOwner('update core.detached set is_told = false');
  expect(await ops('log', 'detach', '--to', '25', '--key', key, ...AGREED)).toMatchObject({ code: 0 });
  expect(await asOwner('select 1 from core.detached where not is_told')).toHaveLength(0);
  expect(await told('positions 1 to 14 detached')).toBe(1);
  expect(await told('positions 15 to 21 detached')).toBe(1);
});

it('leaves a log that is verified, shown and proven file by file', async () => {
  expect(await json('log', 'verify')).toMatchObject({ ok: true, detachedTo: 21, events: 37 });
  expect(await json('log', 'show', '3')).toMatchObject({ position: 3 });
  for (const name of await readdir(folder))
    expect(await json('verify', join(folder, name), '--key', key)).toMatchObject({ ok: true });
  const other = publicTextOf(generateKeyPairSync('ed25519').privateKey);
  const [first = ''] = await readdir(folder);
  expect(await ops('verify', join(folder, first), '--key', other)).toMatchObject({ code: 1 });
});

it('is one act in the log that a file comes back, also where it died before it did', async () => {
  await asOwner(`create function core.die() returns trigger language plpgsql as $$ begin raise 'died'; end $$;
    create trigger die before delete on core.detached for each row execute function core.die()`);
  expect(await ops('log', 'attach', '--from', '11', '--key', key, ...AGREED)).toMatchObject({ code: 1 });
  expect(await told('positions 15 to 21 attached')).toBe(1);
  await asOwner('drop function core.die cascade');
});

it('takes back what it detached, the newest first, and the log knows who did it; files stay unless they are removed', async () => {
  const { code, out, err } = await ops('log', 'attach', '--from', '11', '--key', key, ...AGREED);
  expect({ code, out }).toEqual({
    code: 0,
    out: [
      'log-000000000015-000000000021.gz: positions 15 to 21',
      'the newest file that is left ends at position 10, before 11',
    ].join('\n'),
  });
  expect(err).toMatch(/positions 15 to 21: proven\npositions 15 to 21: written\npositions 15 to 21: attached/);
  expect((await ops('audit')).out).toMatch(/positions 15 to 21 attached, by grace: as agreed/);
  expect(await told('positions 15 to 21 attached')).toBe(1);
  expect(await json('log', 'verify')).toMatchObject({ ok: true, detachedTo: 14 });
  expect(await readdir(folder)).toHaveLength(2);
  expect(await ops('log', 'attach', '--from', '1', '--key', key, '--remove', ...AGREED)).toMatchObject({ code: 0 });
  expect(await readdir(folder)).toEqual(['log-000000000015-000000000021.gz']);
  expect(await json('log', 'verify')).toMatchObject({ ok: true, detachedTo: 0 });
  expect(await ops('log', 'attach', '--from', '0', '--key', key, ...AGREED)).toMatchObject({ code: 2 });
});
