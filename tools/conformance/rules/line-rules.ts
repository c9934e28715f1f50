import { shown } from '../answer-judge.ts';
import type { Fault } from '../verdict.ts';
import type { WireLine, WireRecording } from '../wire.ts';
import { timeText } from './bar-rules.ts';

/** A line of `/streaming` as far as rules read it. */
export interface StreamLine {
  readonly atMs: number;
  readonly f?: string;
  readonly id?: string;
  readonly t?: number;
  readonly p?: number;
  readonly s?: number;
  readonly heartbeat?: number;
}

/** Lines that are JSON; the others are the business of whoever checks their form. */
export const linesOf = (recording: WireRecording): readonly StreamLine[] =>
  recording.lines.flatMap(({ atMs, text }) => {
    const parsed = parsedLine(text);
    return typeof parsed === 'object' && parsed !== null ? [{ ...(parsed as object), atMs }] : [];
  });

/** Nothing where it is no JSON. */
export function parsedLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `t` is whole seconds: what happened within one may arrive up to a second later. */
const CLOCKS_APART_MS = 1_000;

export function lateLines(lines: readonly StreamLine[], mostMs: number): readonly Fault[] {
  return lines
    .filter(({ f, t, atMs }) => f !== 'd' && t !== undefined && atMs - t * 1_000 > mostMs + CLOCKS_APART_MS)
    .map(({ id, t = 0, atMs }) => ({
      expected: `within ${mostMs / 1_000} s`,
      got: `${id} after ${(atMs - t * 1_000) / 1_000} s`,
    }));
}

export function timesGoingBack(lines: readonly StreamLine[]): readonly Fault[] {
  const last = new Map<string, number>();
  return lines.flatMap(({ f, id, t }) => {
    if (f === undefined || t === undefined) return [];
    const key = `${f} ${id}`;
    const before = last.get(key) ?? 0;
    last.set(key, Math.max(before, t));
    return t < before ? [{ expected: `${id}, ${f}: not before ${timeText(before)}`, got: timeText(t) }] : [];
  });
}

/** The server speaks at least every five seconds; half a second is the network's. */
const SILENCE_MS = 5_500;

export function silences({ startedMs, lines, closedMs }: WireRecording, untilMs: number): readonly Fault[] {
  const times = [startedMs, ...lines.map(({ atMs }: WireLine) => atMs), closedMs ?? untilMs];
  const longest = Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  return longest > SILENCE_MS
    ? [{ expected: 'a message or a heartbeat every 5 s', got: `silence for ${longest / 1_000} s` }]
    : [];
}

export function unreadable({ lines }: WireRecording): readonly Fault[] {
  return lines
    .filter(({ text }) => parsedLine(text) === undefined)
    .map(({ text }) => ({ expected: 'one JSON message a line', got: shown(text) }));
}
