import type { Event } from '@core/contracts/event';
import type { Instant } from '@core/contracts/primitives';

/** Most bytes of one event's data; a reconciliation with 500 drifts stays below. */
const DATA_MAX = 768 * 1024;

const CONTROL = /[\x00-\x1f\x7f]/;
/** An escaped NUL, which Postgres keeps in `json` but cannot hand out as text: readers would choke on it. */
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/**
 * Why the log cannot hold an event although its shape is right, or null.
 * One such event must not fail the batch it is in, so whoever takes events in asks before.
 */
export function whyUnstorable(event: Event): string | null {
  if (CONTROL.test(event.source)) return 'source holds control characters';
  if (!isReal(event.time)) return 'time is no moment of the calendar';
  const data = JSON.stringify(event.data);
  if (data.length * 3 > DATA_MAX && Buffer.byteLength(data) > DATA_MAX) return `data is longer than ${DATA_MAX} bytes`;
  if (data.includes('\\u0000') && ESCAPED_NUL.test(data)) return 'data holds a NUL character';
  return null;
}

let lastReal = '';

/** Whether day and hour exist, in years that Postgres spells with four digits. Neighbours share their second. */
function isReal(instant: Instant): boolean {
  const second = instant.slice(0, 19);
  if (second === lastReal) return true;
  const ms = Date.parse(`${second}Z`);
  if (Number.isNaN(ms) || second < '0001' || new Date(ms).toISOString().slice(0, 19) !== second) return false;
  lastReal = second;
  return true;
}
