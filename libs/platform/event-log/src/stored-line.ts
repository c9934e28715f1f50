import { eventTypes, type Event, type Place, type RecordedEvent } from '@core/contracts/event';
import { FIELD } from '@core/log-proof/line';
import { lift, type Upcasters } from './upcast.ts';

/**
 * One recorded event as the log spells it, for reading and for digests alike; `core.event_line` builds the same text:
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
  const event: unknown = {
    id: ownText(id),
    schemaversion: Number(schemaversion),
    source: ownText(source),
    subject: ownText(subject),
    time: ownText(time),
    correlationid: ownText(correlationid),
    causationid: causationid === '' ? null : ownText(causationid),
    type: TYPES.get(type) ?? ownText(type),
    data: JSON.parse(data),
    position: Number(position),
    version: Number(version),
    recordedtime: ownText(recordedtime),
  };
  return event as RecordedEvent;
}

/** A copy: a part of a text holds all of it in memory, so that one id that somebody keeps would hold all of its event. */
const ownText = (part: string): string => ` ${part}`.slice(1);

/** One text for all events of a type: whoever folds one asks many times over which it is. */
const TYPES: ReadonlyMap<string, string> = new Map(eventTypes.map(({ shape: { type } }) => [type.value, type.value]));
