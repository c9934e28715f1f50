import type { LoginName } from '@core/service/logins';
import { schemaOf } from '@core/service/migrations';
import { isUnmigrated } from '@core/service/unmigrated';
import type { OperatedSystem } from './system.ts';

/** A table that an edge keeps of the log; all its processes fill it together. */
export interface FilledTable {
  readonly owner: string;
  readonly name: string;
  readonly version: number;
  /** Up to where it is filled. */
  readonly position: number;
}

/** What an edge keeps in tables; none of one that never ran here. */
export async function tablesOf({ pool }: OperatedSystem, owner: LoginName): Promise<FilledTable[]> {
  try {
    const { rows } = await pool.query<{ name: string; version: number; position: string }>(
      `select name, version, position from ${schemaOf(owner)}.table_checkpoint order by name`,
    );
    return rows.map(({ position, ...table }) => ({ owner, ...table, position: Number(position) }));
  } catch (error) {
    if (isUnmigrated(error)) return [];
    throw error;
  }
}
