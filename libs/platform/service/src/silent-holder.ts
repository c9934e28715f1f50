/** An advisory lock, as `pg_locks` names it: of one number (`[0, key, 1]`), or of two (`[first, second, 2]`). */
export type AdvisoryLock = readonly [classid: number, objid: number, objsubid: 1 | 2];

type Ask = (sql: string, values: unknown[]) => Promise<unknown>;

/** The second of two numbers may be negative, and is told without a sign. */
const END_SILENT = `
  select pg_terminate_backend(holder.pid)
  from pg_locks as held join pg_stat_activity as holder using (pid)
  where held.locktype = 'advisory' and held.granted
    and held.database = (select oid from pg_database where datname = current_database())
    and (held.classid::bigint, held.objid::bigint, held.objsubid) = ($1, $2::bigint & 4294967295, $3)
    and (holder.state <> 'active' or holder.wait_event_type = 'Client')
    and holder.state_change < clock_timestamp() - $4 * interval '1 ms'`;

/**
 * Ends the connection of a holder that neither works nor has asked for anything in that time: its process is frozen, or
 * its network is gone, and its kernel or nobody's keeps the connection. Postgres's clock alone says how long that is.
 */
export async function endSilentHolder(ask: Ask, lock: AdvisoryLock, silentMs: number): Promise<void> {
  await ask(END_SILENT, [...lock, silentMs]);
}
