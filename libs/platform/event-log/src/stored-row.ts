import type { RecordedEvent } from '@core/contracts/event';
import type { Instant } from '@core/contracts/primitives';
import { eventOfFields, type EventFields } from './stored-line.ts';
import { lift, type Upcasters } from './upcast.ts';

/**
 * One event of the table for whoever reads it: the fields of a line as one JSON text. It costs Postgres what a line does
 * and its reader less: what is parsed of it are texts of their own, and not parts of one to be copied.
 */
export const ROW = `json_build_array(position, version, recorded_at, event_id, type, schema_version, account_id, occurred_at,
  correlation_id, causation_id, producer, data)`;

/** Reads a row back, lifted to the shapes of this build. */
export const decodeRow = (row: string, upcasters: Upcasters): RecordedEvent => lift(parseRow(row), upcasters);

function parseRow(row: string): RecordedEvent {
  const fields = JSON.parse(row) as EventFields;
  if (fields[2] !== lastRecorded.sent) lastRecorded = { sent: fields[2], instant: instantOf(fields[2]) };
  fields[2] = lastRecorded.instant;
  fields[7] = instantOf(fields[7]);
  return eventOfFields(fields);
}

/** Neighbours share their batch. */
let lastRecorded: { readonly sent: string; readonly instant: Instant } = { sent: '', instant: '' };

const UTC = '+00:00';

/** `2026-01-05T10:00:00.5+00:00`, as JSON of Postgres has it in a session in UTC; throws for any other. */
function instantOf(sent: string): Instant {
  if (!sent.endsWith(UTC)) throw new Error(`the log says ${sent}, which is no moment in UTC`);
  return `${sent.slice(0, -UTC.length).padEnd(20, '.').padEnd(26, '0')}Z`;
}
