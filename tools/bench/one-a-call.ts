import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';
import { Pool } from 'pg';

const SECONDS = 2;

/** Connections of a store. A pool counts as ended before they are gone, and a server that ends meanwhile tells them so. */
export function poolOf(url: string, connections: number, options = ''): Pool {
  const pool = new Pool({ connectionString: url, max: connections, options });
  pool.on('error', () => undefined);
  return pool;
}

/** Something that stores events. */
export interface EventStore {
  /** Resolves once it is durable. */
  append(event: Event): Promise<unknown>;
  close(): Promise<void>;
}

/** Events a second while each caller hands in one of its own account, waits until it is stored, and hands in the next. */
export async function oneACall(store: EventStore, callers: readonly AccountId[]): Promise<number> {
  const start = performance.now();
  const end = start + SECONDS * 1_000;
  let stored = 0;
  const call = async (subject: AccountId): Promise<void> => {
    for (; performance.now() < end; stored += 1) await store.append(nextOf(subject));
  };
  await Promise.all(callers.map(call));
  return (stored / (performance.now() - start)) * 1_000;
}

/** A fact as a connector states it, about 600 bytes. */
export const nextOf = (subject: AccountId): Event =>
  anEvent('PositionOpened', { positionId: newId() }, { id: newId(), subject, correlationid: newId() });
