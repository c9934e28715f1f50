import { postgresBinaries } from '@core/machine/postgres-binaries';
import { postgresPidFile, PostgresServer } from '@core/machine/postgres-server';
import { unprivileged } from '@core/machine/run-as';
import { freePort } from '@core/testing/free-port';
import { until } from '@core/testing/until';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { patience } from './postgres-patience.ts';
import { PrimaryClient } from './primary-client.ts';

const PATIENCE_MS = 30_000;

describe('a Postgres that does not lead', () => {
  const folder = mkdtempSync(join(tmpdir(), 'standby-spec-'));
  const data = join(folder, 'data');
  let server: PostgresServer;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    server = new PostgresServer({
      binaries: () => postgresBinaries(join(folder, 'programs'), unprivileged().uid !== undefined),
      folder: data,
      logFile: join(folder, 'log'),
      port: await freePort(),
      runAs: unprivileged(),
      password: 'of-the-spec',
    });
    await server.start('owner');
    await server.stop();
    writeFileSync(join(data, 'standby.signal'), '');
    rmSync(postgresPidFile(data), { force: true });
    await server.start('owner');
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const connected = async (): Promise<PrimaryClient> => {
    const client = new PrimaryClient({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  it('is asked nothing, by whatever way it is reached, and found as soon as it leads', async () => {
    await expect(connected()).rejects.toThrow('this Postgres is a standby');
    const pool = new Pool({ connectionString: server.url, max: 1, ...patience(PATIENCE_MS) });
    await expect(pool.query('select 1')).rejects.toThrow('this Postgres is a standby');
    const source = new DataSource({ type: 'postgres', url: server.url, extra: { max: 1, ...patience(PATIENCE_MS) } });
    await expect(source.initialize()).rejects.toThrow('this Postgres is a standby');

    await promote();
    const client = await connected();
    const { rows } = await client.query('select pg_is_in_recovery() as standby');
    expect(rows).toEqual([{ standby: false }]);
    await client.end();
    await pool.query('create table written ()');
    await pool.end();
  });

  /** By a connection that asks nobody what it is. */
  async function promote(): Promise<void> {
    const plain = new Pool({ connectionString: server.url, max: 1 });
    await plain.query('select pg_promote()');
    await until(async () => {
      const { rows } = await plain.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
      return rows[0]?.standby === false;
    });
    await plain.end();
  }
});
