import { eventTypes, type Event, type Place, type RecordedEvent } from '@core/contracts/event';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';
import { FIELD } from '@core/log-proof/line';
import { lift, type Upcasters } from './upcast.ts';

/**
 * One recorded event as the log spells it, in files and for digests; `core.event_line` builds the same text:
 * position, version, recordedtime, id, type, schemaversion, subject, time, correlationid, causationid, source, data.
 */
export const encodeLine = (event: RecordedEvent): string => lineOf(event, encodeEvent(event));

/** The same of fields that are spelled already. */
export const lineOf = ({ position, version, recordedtime }: Place, fields: readonly string[]): string =>
  [position, version, recordedtime, ...fields].join(FIELD);

/** The fields of an event before it has a place. */
export const encodeEvent = (event: Event): readonly string[] => [
  event.id,
  event.type,
  String(event.schemaversion),
  event.subject,
  event.time,
  event.correlationid,
  event.causationid ?? '',
  event.source,
  JSON.stringify(event.data),
];

/** Reads a line back, lifted to the shapes of this build. */
export const decodeLine = (line: string, upcasters: Upcasters): RecordedEvent => lift(parseLine(line), upcasters);

/** What a line says, in the shape in which it was committed. */
export function parseLine(line: string): RecordedEvent {
  const fields = line.split(FIELD);
  if (fields.length !== 12) throw new Error(`a line of the log has ${fields.length} fields instead of 12`);
  const [position, version, recordedtime = '', id = '', type = '', schemaversion, subject = '', time = ''] = fields;
  const [correlationid = '', causationid = '', source = '', data = ''] = fields.slice(8);
  return eventOfFields([
    Number(position),
    Number(version),
    ownText(recordedtime),
    ownText(id),
    ownText(type),
    Number(schemaversion),
    ownText(subject),
    ownText(time),
    ownText(correlationid),
    causationid === '' ? null : ownText(causationid),
    ownText(source),
    JSON.parse(data),
  ]);
}

/** What the log holds of one event, in the order of a line. */
export type EventFields = [
  position: number,
  version: number,
  recordedtime: Instant,
  id: Uuid,
  type: string,
  schemaversion: number,
  subject: AccountId,
  time: Instant,
  correlationid: Uuid,
  causationid: Uuid | null,
  source: string,
  data: unknown,
];

/** The event that these are, in the shape in which it was committed. */
export function eventOfFields(fields: Readonly<EventFields>): RecordedEvent {
  // By number: to take all of a list apart costs more than to make the event.
  const event: unknown = {
    id: fields[3],
    schemaversion: fields[5],
    source: fields[10],
    subject: fields[6],
    time: fields[7],
    correlationid: fields[8],
    causationid: fields[9],
    type: TYPES.get(fields[4]) ?? fields[4],
    data: fields[11],
    position: fields[0],
    version: fields[1],
    recordedtime: fields[2],
  };
  return event as RecordedEvent;
}

/** A copy: a part of a text holds all of it in memory, so that one id that somebody keeps would hold all of its event. */
const ownText = (part: string): string => ` ${part}`.slice(1);

/** One text for all events of a type: whoever folds one asks many times over which it is. */
const TYPES: ReadonlyMap<string, string> = new Map(eventTypes.map(({ shape: { type } }) => [type.value, type.value]));
