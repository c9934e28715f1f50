import { PrimaryClient } from '@core/service/primary-client';
import { randomBytes } from 'node:crypto';
import { DatabaseError } from 'pg';
import { giveUpRights } from './give-up-rights.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** More than one batch takes with all that belongs to it, and nothing that compression makes small. */
const TRIED_BYTES = 1_048_576;
/** Insufficient resources, the disk. */
const DISK_FULL = '53100';

const isDiskFull = (error: unknown): boolean => error instanceof DatabaseError && error.code === DISK_FULL;

/** Whether Postgres has room for what is to be written: it writes something, and takes it back. Rejects where it cannot be asked. */
export async function hasDatabaseRoom(url: string): Promise<boolean> {
  const client = new PrimaryClient({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await giveUpRights(client);
    await client.query('begin');
    await client.query(`insert into core.quarantine values ('room', now(), 'room', 'room', 'room', $1)`, [
      randomBytes(TRIED_BYTES),
    ]);
    await client.query('rollback');
    return true;
  } catch (error) {
    if (isDiskFull(error)) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
