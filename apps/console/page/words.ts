// How moments, ages and numbers are written.
import { signal } from '@preact/signals';

/** The time now, to the second: whatever shows an age is drawn again with it. */
export const nowMs = signal(Date.now());
setInterval(() => (nowMs.value = Date.now()), 1_000);

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 s`, `12 min`, `5 h`, `3 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h`;
  return `${Math.floor(seconds / DAY)} d`;
}

/** How long ago a moment was. */
export const age = (instant: string): string => duration(nowMs.value - Date.parse(instant));

/** `10:00:00`, in UTC as everywhere. */
export const clock = (instant: string): string => instant.slice(11, 19);

/** `2026-01-05 10:00:00.123`, in UTC as everywhere. */
export const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 23)}`;

const grouped = new Intl.NumberFormat('en');
export const count = (number: number): string => grouped.format(number);

/** Money and prices are exact decimals: only their thousands are set apart. */
export function money(decimal: string): string {
  const [whole = '', ...fraction] = decimal.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, '\u202f'), ...fraction].join('.');
}

/** The first part of an id: its time to the millisecond, or enough to know it by. */
export const short = (id: string): string => id.slice(0, 13);

export const many = (number: number, one: string, more = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : more}`;
