import { DatabaseError, type Pool, type PoolClient } from 'pg';

/** Postgres was not reached, or was lost on the way: whether it did what it was asked is to be looked up. */
export class PostgresLost extends Error {
  readonly code = 'postgres-lost';
}

/**
 * Runs `work` in one transaction: all of it becomes true, or none. A connection that failed is not used again.
 * Throws `PostgresLost` where the connection is what failed.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  let failure: Error | undefined;
  let isLost = false;
  // Lost between two statements: the next one says so.
  const onLost = (error: Error): void => {
    failure = error;
    isLost = true;
  };
  const client = await connected(pool, onLost);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw isLost || isLastWord(error) ? lostBy(error) : error;
  } finally {
    client.off('error', onLost);
    client.release(failure);
  }
}

/** Its loss is heard from the moment that it is taken: what a promise gives is looked at a moment later. */
const connected = (pool: Pool, onLost: (error: Error) => void): Promise<PoolClient> =>
  new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      if (client === undefined) return reject(lostBy(error));
      client.on('error', onLost);
      resolve(client);
    });
  });

const lostBy = (error: unknown): PostgresLost => new PostgresLost(String(error), { cause: error });

/** After which Postgres ends the connection. */
const isLastWord = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.severity === 'FATAL' || error.severity === 'PANIC');
