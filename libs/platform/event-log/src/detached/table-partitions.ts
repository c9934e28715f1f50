import type { ClientBase } from 'pg';

/** A partition of `core.event`, and the positions that it is for, both inclusive. */
export interface TablePartition {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

const PARTITIONS = `
  select relname as name, pg_get_expr(relpartbound, oid) as bounds from pg_class
  where oid in (select inhrelid from pg_inherits where inhparent = 'core.event'::regclass)`;

/** The oldest first. */
export async function partitionsOf(client: ClientBase): Promise<readonly TablePartition[]> {
  const { rows } = await client.query<{ name: string; bounds: string }>(PARTITIONS);
  return rows
    .map(({ name, bounds }) => {
      const [, from, to] = /FROM \('(\d+)'\) TO \('(\d+)'\)/.exec(bounds) ?? [];
      return { name, first: Number(from), last: Number(to) - 1 };
    })
    .toSorted((one, two) => one.first - two.first);
}
