import { connectNats } from '@core/bus/nats-connection';
import { until } from '@core/testing/until';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { FolderBusy, lockFolder } from './folder-lock.ts';
import { Infrastructure } from './infrastructure.ts';

const ROOT = join(__dirname, '../..');

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'infra-'));

const openAt = (folder: string): Promise<Infrastructure> =>
  Infrastructure.open({ folder, ports: 'auto', livesWith: 'owner', say: () => undefined, given: {} });

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('Infrastructure', () => {
  let infrastructure: Infrastructure;
  let folder: string;

  beforeAll(async () => {
    folder = newFolder();
    infrastructure = await openAt(folder);
    await infrastructure.up();
  });
  afterAll(() => infrastructure.remove());

  it('is found running by whoever opens the folder, at the same addresses', async () => {
    const again = await openAt(folder);
    await again.up();
    expect([again.databaseUrl, again.natsUrl]).toEqual([infrastructure.databaseUrl, infrastructure.natsUrl]);
    expect(again.postgres?.pid).toBe(infrastructure.postgres?.pid);
  });

  it('starts nothing on a database that an earlier build let everybody into', async () => {
    const old = newFolder();
    mkdirSync(join(old, 'postgres'));
    writeFileSync(join(old, 'postgres', 'PG_VERSION'), '17');
    await expect(openAt(old)).rejects.toThrow('delete it, or choose another');
    rmSync(old, { recursive: true });
  });

  it('keeps what was committed when Postgres dies', async () => {
    const { databaseUrl, postgres } = infrastructure;
    await query(databaseUrl, 'create table fact (id int); insert into fact values (1)');
    await postgres?.kill();
    await expect(query(databaseUrl, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await postgres?.start('owner');
    expect(await query(databaseUrl, 'select id from fact')).toEqual([{ id: 1 }]);
  });

  it('makes databases, once each', async () => {
    const { postgres } = infrastructure;
    const url = await postgres?.createDatabase('another');
    expect(await postgres?.createDatabase('another')).toBe(url);
    expect(await query(String(url), 'select current_database() as name')).toEqual([{ name: 'another' }]);
    await expect(postgres?.createDatabase('x; drop table fact')).rejects.toThrow('not a database name');
  });

  it('keeps streams when NATS dies, and loses them only when wiped, on the same port', async () => {
    const { nats, natsUrl } = infrastructure;
    const streams = async (): Promise<number> => {
      const connection = await connectNats({ url: natsUrl, name: 'spec' });
      const listed = await (await connection.jetstreamManager()).streams.list().next();
      await connection.close();
      return listed.length;
    };
    const connection = await connectNats({ url: natsUrl, name: 'spec' });
    await (await connection.jetstreamManager()).streams.add({ name: 'S', subjects: ['s'] });
    await connection.close();

    await nats?.kill();
    await nats?.start('owner');
    expect(await streams()).toBe(1);
    expect(() => nats?.wipe()).toThrow('stop it');
    await nats?.stop();
    nats?.wipe();
    await nats?.start('owner');
    expect(await streams()).toBe(0);
  });

  it('starts nothing where servers are given', async () => {
    const given = { databaseUrl: 'postgres://elsewhere/core', natsUrl: 'nats://elsewhere' };
    const none = await Infrastructure.open({ folder, ports: 'auto', livesWith: 'owner', say: () => undefined, given });
    await none.up();
    expect(none).toMatchObject({ postgres: null, nats: null, ...given });
  });

  it('starts again what was killed, replaces what hangs, and says both', async () => {
    const { databaseUrl, postgres, nats } = infrastructure;
    const said: string[] = [];
    infrastructure.keepUp((line) => said.push(line), { everyMs: 100, silentMs: 500 });
    await query(databaseUrl, 'create table kept (id int); insert into kept values (7)');
    const [postmaster, frozen] = [postgres?.pid ?? 0, nats?.pid ?? 0];
    process.kill(postmaster, 'SIGKILL');
    process.kill(frozen, 'SIGSTOP');
    await until(() => said.filter((line) => line.endsWith('is ready again')).length === 2);
    expect(said.filter((line) => !line.includes('did not start')).toSorted()).toEqual([
      'NATS is ready again',
      'NATS runs and does not answer; replacing it',
      'Postgres ended; starting it again',
      'Postgres is ready again',
    ]);
    expect(await query(databaseUrl, 'select id from kept')).toEqual([{ id: 7 }]);
    expect([postgres?.pid, nats?.pid]).not.toContain(undefined);
    expect(nats?.pid).not.toBe(frozen);
  });
});

it('goes down by the command, whatever servers the environment names', async () => {
  const folder = newFolder();
  const infra = (...args: string[]) =>
    execFileSync(process.execPath, ['tools/bootstrap.mjs', 'tools/infra/main.ts', ...args, '--data', folder], {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: args[0] === 'up' ? '' : 'postgres://elsewhere/core', NATS_URL: '' },
    });
  infra('up', '--ports', 'auto');
  const infrastructure = await openAt(folder);
  expect(infrastructure.postgres?.pid).toBeDefined();
  infra('down');
  expect([infrastructure.postgres?.pid, infrastructure.nats?.pid]).toEqual([undefined, undefined]);
  await infrastructure.remove();
});

it('ends with its owner, even when that is killed', async () => {
  const folder = newFolder();
  const script = `
    const { Infrastructure } = require('./tools/infra/infrastructure.ts');
    const options = { folder: process.argv[1], ports: 'auto', livesWith: 'owner', say: () => undefined, given: {} };
    void Infrastructure.open(options).then((each) => each.up()).then(() => console.log('up'));
    setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', script, folder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(owner.stdout, 'data');
  const orphans = await openAt(folder);
  expect(orphans.postgres?.pid).toBeDefined();
  owner.kill('SIGKILL');
  await until(() => orphans.postgres?.pid === undefined && orphans.nats?.pid === undefined);
  await orphans.remove();
  expect(existsSync(folder)).toBe(false);
});

it('says why nothing can be kept in a folder', () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  expect(() => lockFolder(file)).toThrow(/cannot be a data folder \(it is a file\): choose another one with --data/);
  expect(() => lockFolder(join(file, 'in'))).toThrow(/a part of its path is a file/);
  expect(() => lockFolder('/proc/x/y')).toThrow(/^\/proc\/x\/y cannot be a data folder \(it cannot be made there\)/);
  rmSync(dirname(file), { recursive: true });
});

it('gives a folder to one process at a time, and not to a dead one', async () => {
  const folder = newFolder();
  const script = `require('./tools/infra/folder-lock.ts').lockFolder(process.argv[1]); console.log('locked'); setInterval(() => undefined, 1000);`;
  const holder = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', script, folder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(() => lockFolder(folder)).toThrow(FolderBusy);
  expect(() => lockFolder(folder)).toThrow(`in use by process ${holder.pid}`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lockFolder(folder).release();
  rmSync(folder, { recursive: true });
});
