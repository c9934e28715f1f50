import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { isOver, type ChaosFault, type Victims } from './fault.ts';

const BETWEEN_CHECKPOINTS_MS = 50;
const END_ALL = `select pg_terminate_backend(pid) from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid()`;

/** Every connection, whatever it is in the middle of. */
export const endBackends: ChaosFault = async (victims) => {
  const client = await connected(victims);
  await client.query(END_ALL);
  await client.end();
  return isOver;
};

export const lockTable: ChaosFault = async (victims, table) => {
  const client = await connected(victims);
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return async () => {
    await client.query('rollback').catch(() => undefined);
    await client.end().catch(() => undefined);
  };
};

/** One checkpoint after the other: everything waits for the disk. */
export const checkpointStorm: ChaosFault = async (victims) => {
  const client = await connected(victims);
  const ending = new AbortController();
  const storm = (async () => {
    while (!ending.signal.aborted) {
      await client.query('checkpoint');
      await pause(BETWEEN_CHECKPOINTS_MS);
    }
  })().catch(() => undefined); // another fault may end the server
  return async () => {
    ending.abort();
    await storm;
    await client.end().catch(() => undefined);
  };
};

async function connected({ system }: Victims): Promise<Client> {
  const client = new Client({ connectionString: system.servers.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
