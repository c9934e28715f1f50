import type { Uuid } from '@core/contracts/primitives';

/** A step of a story that has ended; times are milliseconds since 1970. */
export interface Span {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** Of what is in the log of the story: the trace has the same id. */
  readonly correlation: Uuid;
  /** Its id, where another process is to know it without being told. */
  readonly id: SpanId | null;
  /** The step that led to it; null where it begins the story. */
  readonly after: SpanId | null;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Why it came to nothing; null where it did not. */
  readonly failure: string | null;
}

/** Sixteen hexadecimal digits, as W3C Trace Context writes them. */
export type SpanId = string;

/** Who is told what steps a story took: a collector of traces, or nobody. */
export abstract class Tracing {
  /** False: whatever would only be kept for traces need not be. */
  abstract readonly isOn: boolean;
  abstract record(span: Span): void;
  /** Tells what was not told yet. */
  abstract close(): Promise<void>;
}

export const noTracing: Tracing = { isOn: false, record: () => undefined, close: () => Promise.resolve() };
