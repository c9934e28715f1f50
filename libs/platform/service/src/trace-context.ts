import type { Uuid } from '@core/contracts/primitives';
import { hash } from 'node:crypto';
import type { SpanId } from './tracing.ts';

/** The header of requests on NATS (W3C Trace Context, 3.2). */
export const TRACEPARENT = 'traceparent';

/** A correlation id is sixteen bytes, and so is the id of a trace: they are the same. */
export const traceIdOf = (correlation: Uuid): string => correlation.replaceAll('-', '').toLowerCase();

/** The span of something that has an id of its own; `role` tells apart what is done about the same thing. */
export const spanIdOf = (id: Uuid, role: 'itself' | 'request' | 'ask' = 'itself'): SpanId =>
  hash('sha1', `${role} ${id}`, 'hex').slice(0, 16);

export const traceparentOf = (correlation: Uuid, span: SpanId): string => `00-${traceIdOf(correlation)}-${span}-01`;

/** The span that a header names; null where there is none, or where it is of another story. */
export function spanOfTraceparent(header: string | undefined, correlation: Uuid): SpanId | null {
  const [, trace, span] = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/.exec(header ?? '') ?? [];
  return trace === traceIdOf(correlation) && span !== undefined && !/^0+$/.test(span) ? span : null;
}
