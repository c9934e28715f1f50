import type { Client } from 'pg';
import { WRITER_ROLE_NAME } from './sql/writer-role.ts';

/** Works from now on under the role that cannot change the log; false where there is no such role for this login. */
export async function giveUpRights(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ member: boolean }>(
    `select pg_has_role(current_user, oid, 'member') as member from pg_roles where rolname = $1`,
    [WRITER_ROLE_NAME],
  );
  if (rows[0]?.member !== true) return false;
  await client.query(`set role ${WRITER_ROLE_NAME}`);
  return true;
}
