import type { ClientBase } from 'pg';

/** Held by whoever moves parts of the log between the table and files: one at a time. */
const MOVING_LOCK = 7_310_007;

const OWNED = `select pg_has_role(relowner, 'usage') as owned from pg_class where oid = 'core.event'::regclass`;

/** Does it while nobody else moves a part of the log. Throws where somebody does, or the login does not own the table. */
export async function movingAlone<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result> {
  const { rows: owns } = await client.query<{ owned: boolean }>(OWNED);
  if (owns[0]?.owned !== true)
    throw new Error('only who owns core.event takes parts of it out or back: log in as the owner');
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [MOVING_LOCK]);
  if (rows[0]?.held !== true) throw new Error('somebody else is taking parts of this log out or back');
  try {
    return await work();
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MOVING_LOCK]);
  }
}
