import type { Pool, PoolClient } from 'pg';

/** Runs `work` in one transaction: all of it becomes true, or none. A connection that failed is not used again. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let failure: Error | undefined;
  // Lost between two statements: the next one says so.
  const onLost = (error: Error): void => void (failure = error);
  client.on('error', onLost);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', onLost);
    client.release(failure);
  }
}
