import { FIELD } from '@core/log-proof/line';
import type { Uuid } from '@core/contracts/primitives';
import type { Held } from '../sorted-batch.ts';
import type { DetachedLog } from './detached-log.ts';
import type { DetachedRange } from './detached-ranges.ts';

/** What the table knows of an id; of an event that was detached nothing but where it stands. */
export type KnownId =
  (Held & { readonly type: string }) | { readonly id: Uuid; readonly position: number; readonly type: null };

/** What the log holds under ids that it knows, out of files where it lies there. */
export async function heldOf(
  detached: DetachedLog,
  ranges: readonly DetachedRange[],
  known: readonly KnownId[],
): Promise<readonly Held[]> {
  const inTable = known.filter((each) => each.type !== null);
  const elsewhere = known.filter(({ type }) => type === null).map(({ position }) => position);
  if (elsewhere.length === 0) return inTable;
  const lines = await detached.at(ranges, elsewhere);
  if (lines.size < new Set(elsewhere).size)
    throw new Error('the log knows ids that neither its table nor its files have');
  return [...inTable, ...Array.from(lines.values(), heldIn)];
}

function heldIn(line: string): Held {
  const [position, , , id = '', type = '', schemaversion, subject = '', , , , , data = ''] = line.split(FIELD);
  return { id, position: Number(position), type, subject, schemaversion: Number(schemaversion), data };
}
