import { Uuid } from '@core/contracts/primitives';
import { z } from 'zod';
import { CELL_HEADER } from './hook.ts';
import { ErrorType, misdirected, type Problem } from './problem.ts';

/** An HTTP answer, to be sent exactly as it stands: the guide allows no charset behind the content type. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Handled, or irrelevant to us: 200 and not one byte, guide section "Responding to Events". */
export const handled: Response = { status: 200, headers: { 'content-length': '0' }, body: '' };

/** What is said of a problem. */
export const ProblemBody = z.strictObject({ type: ErrorType.optional(), requestId: Uuid });
type ProblemBody = z.output<typeof ProblemBody>;

/** A problem, and the cell that is to be asked. */
export function encodeMisdirected(requestId: Uuid, cell: string): Response {
  const said = encodeProblem(misdirected, requestId);
  return { ...said, headers: { ...said.headers, [CELL_HEADER]: cell } };
}

/** A problem with its name where the sender knows one; `requestId` is for support on both sides. */
export function encodeProblem({ status, type }: Problem, requestId: Uuid): Response {
  const said: ProblemBody = type === null ? { requestId } : { type, requestId };
  const body = JSON.stringify(said);
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
  return { status, headers: type === null ? headers : { ...headers, 'x-proquant-error': '1' }, body };
}
