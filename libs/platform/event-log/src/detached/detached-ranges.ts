import type { ClientBase } from 'pg';

/** A part of the log that lies in a file, as the database keeps it. */
export interface DetachedRange {
  /** Positions that the file holds, both inclusive. */
  readonly first: number;
  readonly last: number;
  /** Up to which position the table has nothing more. */
  readonly partitionLast: number;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Whoever can be asked: a connection or a pool. */
export type Queryable = Pick<ClientBase, 'query'>;

const RANGES = `select first, last, partition_last as "partitionLast", file, bytes, sha256 from core.detached order by first`;

/** In the order of their positions: from the first of the log on, without a hole. */
export async function detachedRanges(database: Queryable): Promise<readonly DetachedRange[]> {
  const { rows } = await database.query<Record<keyof DetachedRange, string>>(RANGES);
  return rows.map(({ first, last, partitionLast, bytes, ...texts }) => ({
    ...{ first: Number(first), last: Number(last), partitionLast: Number(partitionLast), bytes: Number(bytes) },
    ...texts,
  }));
}

/** Up to which position the log lies in files; 0 where none of it does. */
export const endOf = (ranges: readonly DetachedRange[]): number => ranges.at(-1)?.last ?? 0;

/**
 * Reads once more where something went from the table to a file, or came back, meanwhile: it was seen in neither, or its
 * file is gone.
 */
export async function whileNothingMoves<Result>(
  database: Queryable,
  read: (ranges: readonly DetachedRange[]) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const ranges = await detachedRanges(database);
    const [result] = await Promise.allSettled([read(ranges)]);
    if (endOf(await detachedRanges(database)) !== endOf(ranges)) continue;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }
}
