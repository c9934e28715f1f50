import { SCHEMA_VERSION, type EventType, type RecordedEvent } from '@core/contracts/event';

/** Makes of an event's old data the data of the next schema version. Pure; the log itself is never changed. */
export type Upcaster = (data: unknown) => unknown;

/** By schema version and type: what to do with data of that version. Types without an entry did not change. */
export type Upcasters = Readonly<Record<number, Partial<Readonly<Record<EventType, Upcaster>>>>>;

/** Nothing has changed shape yet. */
export const upcasters: Upcasters = {};

/** An event as this build knows it. One of a newer build throws: reading on would mean misunderstanding it. */
export function lift(event: RecordedEvent, by: Upcasters, to: number = SCHEMA_VERSION): RecordedEvent {
  if (event.schemaversion === to) return event;
  if (event.schemaversion > to) {
    throw new Error(
      `position ${event.position} has schema version ${event.schemaversion}, this build reads up to ${to}`,
    );
  }
  let data: unknown = event.data;
  for (let version = event.schemaversion; version < to; version += 1) data = by[version]?.[event.type]?.(data) ?? data;
  return { ...event, schemaversion: to, data } as RecordedEvent;
}
