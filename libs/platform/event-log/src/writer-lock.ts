import { endSilentHolder } from '@core/service/silent-holder';
import type { Client } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';

/** Advisory lock of the one writer; held as long as its connection lives. */
export const WRITER_LOCK = 7_310_002;
/** How often a writer shows that it lives, and how often a standby looks. */
const BEAT_MS = 500;
/** A standby that was asleep itself for so long is on a busy machine, and judges nobody. */
const OVERSLEPT_MS = 1_000;

const TRY = 'select pg_try_advisory_lock($1) as taken';

/**
 * Resolves, after as long as it takes, when nobody else holds the lock: its holder ended, or was silent for too long.
 * `onStandby` is called once where it must be waited for.
 */
export async function takeWriterLock(client: Client, silentMs: number, onStandby?: () => void): Promise<void> {
  if (await isTaken(client)) return;
  onStandby?.();
  const ask = (sql: string, values: unknown[]): Promise<unknown> => client.query(sql, values);
  while (!(await isTaken(client))) {
    const before = performance.now();
    await pause(BEAT_MS);
    if (performance.now() - before < OVERSLEPT_MS) await endSilentHolder(ask, [0, WRITER_LOCK, 1], silentMs);
  }
}

/** Shows on the connection that holds the lock that its process lives; answers how to end that. */
export function showLife(client: Client): () => void {
  let isAsking = false;
  const beat = setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    // A connection that is lost is told to whoever opened it.
    client
      .query('select 1')
      .catch(() => undefined)
      .finally(() => (isAsking = false));
  }, BEAT_MS).unref();
  return () => clearInterval(beat);
}

async function isTaken(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(TRY, [WRITER_LOCK]);
  return rows[0]?.taken === true;
}
