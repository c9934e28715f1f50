import { isUnmigrated } from '@core/service/unmigrated';
import { DeliveryLog, type DeliveryRecord } from '@core/signal-inbox/delivery-log';
import type { DetachedLog } from '@core/event-log/detached/detached-log';
import type { Pool } from 'pg';
import { AskedWrongly } from './asked-wrongly.ts';
import { named, prefixOf, type Named } from './lookup.ts';

/** One may be shown alone, where it is the only one that begins so. */
const CANDIDATES_MAX = 2;

/** What is named in the log, or what ProQuant delivered under an id of which the log knows nothing. */
export async function namedOrDelivered(
  pool: Pool,
  detached: DetachedLog,
  text: string,
): Promise<Named | { readonly delivery: DeliveryRecord }> {
  try {
    return await named(pool, detached, text);
  } catch (error) {
    const delivery = error instanceof AskedWrongly ? await deliveryNamed(pool, text) : null;
    if (delivery === null) throw error;
    return { delivery };
  }
}

/** The one that is meant; null where there is none, or more than one. */
export async function deliveryNamed(pool: Pool, text: string): Promise<DeliveryRecord | null> {
  try {
    const [found, other] = await new DeliveryLog(pool).startingWith(prefixOf(text), CANDIDATES_MAX);
    return found && !other ? found : null;
  } catch (error) {
    if (isUnmigrated(error) || error instanceof AskedWrongly) return null;
    throw error;
  }
}

export const absenceInWords = ({ id, state, status, verdict, detail }: DeliveryRecord): string => {
  const why = [verdict, detail].filter(Boolean).join(', ');
  return `delivery ${id} of ProQuant’s led to nothing in the log: ${state}, answered ${status ?? 'nothing yet'}${why && `: ${why}`}`;
};
