import { versionOf, type Event } from '@core/contracts/event';
import { isMoment } from '@core/kernel/instant';

/** Most bytes of one event's data; a reconciliation with 500 drifts stays below. */
const DATA_MAX = 768 * 1024;

const CONTROL = /[\x00-\x1f\x7f]/;
/** An escaped NUL, which Postgres keeps in `json` but cannot hand out as text: readers would choke on it. */
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/** Half of a character, as JSON text of ours spells it: stored as `json`, and no SQL can hand it out as text. */
const ESCAPED_SURROGATE = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/;

/**
 * Why the log cannot hold an event although its shape is right, or null.
 * One such event must not fail the batch it is in, so whoever takes events in asks before.
 */
export const whyUnstorable = (event: Event): string | null =>
  whyEnvelopeUnstorable(event) ?? whyTextUnstorable(JSON.stringify(event.data));

/**
 * The part of the question that concerns an event's data, asked of JSON text that holds it.
 * In text of others an escaped pair counts as two halves: who gets a reason there asks each event.
 */
export function whyTextUnstorable(json: string): string | null {
  if (json.length * 3 > DATA_MAX && Buffer.byteLength(json) > DATA_MAX) return `data is longer than ${DATA_MAX} bytes`;
  if (json.includes('\\u0000') && ESCAPED_NUL.test(json)) return 'data holds a NUL character';
  return (json.includes('\\ud') || json.includes('\\uD')) && ESCAPED_SURROGATE.test(json)
    ? 'data holds half of a character (a lone surrogate)'
    : null;
}

/** The rest of it. */
export function whyEnvelopeUnstorable(event: Event): string | null {
  if (event.schemaversion > versionOf(event.type)) return 'schema version is of a newer build';
  if (CONTROL.test(event.source)) return 'source holds control characters';
  if (!event.source.isWellFormed()) return 'source holds half of a character (a lone surrogate)';
  return isMoment(event.time) ? null : 'time is no moment of the calendar';
}

/** Text made fit for the log: what Postgres cannot hold as text becomes a replacement mark, and it ends at `max`. */
export const storableText = (text: string, max: number): string =>
  Buffer.from(text.slice(0, max).replaceAll('\u0000', '\ufffd')).toString();
