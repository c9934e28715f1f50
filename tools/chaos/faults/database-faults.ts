import { succeeds } from '@core/kernel/succeeds';
import { within } from '@core/machine/within';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { isOver, type ChaosFault, type Victims } from './fault.ts';

const BETWEEN_CHECKPOINTS_MS = 50;
const ROOM_WITHIN_MS = 60_000;
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

const NO_ROOM = `
  create schema if not exists chaos;
  grant usage on schema chaos to public;
  create or replace function chaos.no_room() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
  end $$;
  create or replace trigger no_room before insert on core.batch execute function chaos.no_room();
  create or replace trigger no_room before insert on core.quarantine execute function chaos.no_room()`;
const ROOM = 'drop trigger if exists no_room on core.batch; drop trigger if exists no_room on core.quarantine';

/** Postgres says that its disk is full where the ledger is to write; that takes no rights on the machine. */
export const fillDisk: ChaosFault = async (victims) => {
  const ask = async (sql: string): Promise<void> => {
    const client = await connected(victims);
    try {
      await client.query(sql);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  await ask(NO_ROOM);
  // Another fault may have ended the server, and nothing else makes room again.
  return async () => void (await within(ROOM_WITHIN_MS, () => succeeds(ask(ROOM))));
};

async function connected({ system }: Victims): Promise<Client> {
  const client = new Client({ connectionString: system.servers.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
