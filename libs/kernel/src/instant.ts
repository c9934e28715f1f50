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

export const toMicros = (instant: InstantText): number =>
  Date.parse(`${instant.slice(0, 23)}Z`) * 1000 + Number(instant.slice(23, 26));
