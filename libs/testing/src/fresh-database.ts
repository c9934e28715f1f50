import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** How long connections may take to go; what stays longer was left behind and is cut off. */
const LEAVE_MS = 5_000;

/** An empty database of its own on the server that the test run brought up (`DATABASE_URL`). */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = serverUrl();
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await withClient(server, (client) => client.query(`create database ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => withClient(server, (client) => drop(client, name)) };
}

/** A pool counts as ended before its connections are gone: one cut off then fails whichever test runs. */
async function drop(client: Client, name: string): Promise<void> {
  const deadline = performance.now() + LEAVE_MS;
  while ((await isConnected(client, name)) && performance.now() < deadline) await pause(10);
  await client.query(`drop database ${name} with (force)`);
}

async function isConnected(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select 1 from pg_stat_activity where datname = $1 limit 1', [name]);
  return rows.length > 0;
}

function serverUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set: run integration specs through npm test');
  return url;
}

/** A connection for as long as `use` takes. */
export async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
