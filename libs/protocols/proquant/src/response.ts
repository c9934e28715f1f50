import type { Uuid } from '@core/contracts/primitives';
import type { Problem } from './problem.ts';

/** An HTTP answer, to be sent exactly as it stands: the guide allows no charset behind the content type. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Handled, or irrelevant to us: 200 and not one byte, guide section "Responding to Events". */
export const handled: Response = { status: 200, headers: { 'content-length': '0' }, body: '' };

/** A problem with its name where the sender knows one; `requestId` is for support on both sides. */
export function encodeProblem({ status, type }: Problem, requestId: Uuid): Response {
  const body = JSON.stringify(type === null ? { requestId } : { type, requestId });
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
  return { status, headers: type === null ? headers : { ...headers, 'x-proquant-error': '1' }, body };
}
