import { parseEvent, versionOf, type EventType, type RecordedEvent } from '@core/contracts/event';

/** Makes of an event's old data the data of the next schema version. Pure; the log itself is never changed. */
type Upcaster = (data: unknown) => unknown;

/** By type and the version of its shape: what to do with data of that version. */
export type Upcasters = Partial<Readonly<Record<EventType, Readonly<Record<number, Upcaster>>>>>;

/** What has changed shape since it was first recorded. */
export const upcasters: Upcasters = {
  // Who somebody is stands in no event any more.
  AccountRegistered: {
    1: (data) => {
      const { traderId, venue, mode } = data as { traderId: unknown; venue: unknown; mode: unknown };
      return { traderId, venue, mode };
    },
  },
  // Under which registration it was said was not kept: it names none.
  StrategyEnabled: { 1: (data) => data },
  StrategyDisabled: { 1: (data) => data },
  // It has one more thing that is acted on.
  OperatorActed: { 1: (data) => data },
  RequestResolved: { 1: (data) => ({ ...(data as object), evidence: null }) },
};

/** An event as this build knows it. One of a newer build throws: reading on would mean misunderstanding it. */
export function lift(event: RecordedEvent, by: Upcasters, to: number = versionOf(event.type)): RecordedEvent {
  if (event.schemaversion === to) return event;
  if (event.schemaversion > to) {
    throw new Error(
      `position ${event.position} is ${event.type} of version ${event.schemaversion}, this build reads up to ${to}`,
    );
  }
  let data: unknown = event.data;
  for (let version = event.schemaversion; version < to; version += 1) data = by[event.type]?.[version]?.(data) ?? data;
  return { ...event, schemaversion: to, data } as RecordedEvent;
}

/** Reads an event that any earlier build may have written, and somebody may have altered; never throws. */
export function parseOfAnyBuild(event: object): ReturnType<typeof parseEvent> {
  try {
    return parseEvent(lift(event as RecordedEvent, upcasters));
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}
