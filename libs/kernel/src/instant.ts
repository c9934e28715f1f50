/** A moment as RFC 3339 text in UTC with microseconds: `2024-11-15T12:41:31.244930Z`. Text order is time order. */
export type InstantText = string;

export const INSTANT_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

let lastReal = '';

/** Whether a text of the pattern names a moment of the calendar, from the year 1 on. */
export function isMoment(instant: InstantText): boolean {
  const second = instant.slice(0, 19);
  if (second === lastReal) return true; // neighbours share their second
  const ms = Date.parse(`${second}Z`);
  if (Number.isNaN(ms) || second < '0001' || new Date(ms).toISOString().slice(0, 19) !== second) return false;
  lastReal = second;
  return true;
}

/** From milliseconds since the epoch, as brokers and browsers count. */
export const instantFromMs = (epochMs: number): InstantText => `${new Date(epochMs).toISOString().slice(0, -1)}000Z`;

/** From microseconds since the epoch; safe in a double until the year 2255. */
export function instantFromMicros(epochMicros: number): InstantText {
  const micros = ((epochMicros % 1000) + 1000) % 1000;
  const text = new Date((epochMicros - micros) / 1000).toISOString().slice(0, -1);
  return `${text}${String(micros).padStart(3, '0')}Z`;
}

export const toMs = (instant: InstantText): number => Date.parse(instant);

export function toMicros(instant: InstantText): number {
  const day = instant.slice(0, 10);
  if (day !== lastDay.text) lastDay = { text: day, seconds: Date.parse(`${day}T00:00:00Z`) / 1000 };
  const minutes = Number(instant.slice(11, 13)) * 60 + Number(instant.slice(14, 16));
  // Seconds with their fraction as one whole number.
  const micros = Number(instant.slice(17, 19) + instant.slice(20, 26));
  return (lastDay.seconds + minutes * 60) * 1e6 + micros;
}

/** Neighbours share their day. */
let lastDay = { text: '', seconds: 0 };

const DAY_MS = 24 * 3600 * 1000;
/** Where the day ends in the text of an instant. */
const DATE = 10;

/** The same time so many days later, or earlier. UTC has one kind of day, and neighbours share theirs. */
export function daysFrom(days: number): (instant: InstantText) => InstantText {
  let known = { date: '', then: '' };
  return (instant) => {
    const date = instant.slice(0, DATE);
    if (known.date !== date) known = { date, then: instantFromMs(toMs(instant) + days * DAY_MS).slice(0, DATE) };
    return `${known.then}${instant.slice(DATE)}`;
  };
}
