import type { Event } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';

/** What the log already holds under an event's id. */
export interface Held {
  readonly id: Uuid;
  readonly position: number;
  readonly type: string;
  readonly subject: AccountId;
  readonly schemaversion: number;
  /** JSON text as stored. */
  readonly data: string;
}

/** A batch sorted into what is new and what is not. */
export interface SortedBatch {
  readonly fresh: readonly Event[];
  readonly known: readonly { readonly id: Uuid; readonly position: number }[];
  /** Repetitions of events that are new in this very batch. */
  readonly repeated: readonly Event[];
  readonly conflicting: readonly Event[];
}

/** Sorts events by what the log holds of them and by what stands earlier in the same batch. */
export function sortBatch(events: readonly Event[], held: ReadonlyMap<Uuid, Held>): SortedBatch {
  const fresh = new Map<Uuid, Event>();
  const known: { id: Uuid; position: number }[] = [];
  const repeated: Event[] = [];
  const conflicting: Event[] = [];
  for (const event of events) {
    const stored = held.get(event.id);
    const earlier = fresh.get(event.id);
    if (stored) {
      if (isSame(event, stored, stored.data)) known.push({ id: event.id, position: stored.position });
      else conflicting.push(event);
    } else if (earlier) {
      if (isSame(event, earlier, JSON.stringify(earlier.data))) repeated.push(event);
      else conflicting.push(event);
    } else {
      fresh.set(event.id, event);
    }
  }
  return { fresh: [...fresh.values()], known, repeated, conflicting };
}

/**
 * Who saw it, when and in which chain of cause may differ when a fact is observed again; what happened may not.
 * Shapes of different schema versions cannot be compared: there the id has to do.
 */
function isSame(event: Event, other: Pick<Event, 'type' | 'subject' | 'schemaversion'> | Held, data: string): boolean {
  if (event.type !== other.type || event.subject !== other.subject) return false;
  return event.schemaversion !== other.schemaversion || JSON.stringify(event.data) === data;
}
