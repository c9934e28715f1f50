import type { JsonObject } from './json-splitter.ts';

/** Where a login may be sent instead (undocumented, followed by the official clients; wire-behaviour §3). */
export interface Redirect {
  readonly address: string;
  readonly mainPort: number;
  readonly streamingPort: number;
}

/** What a main connection answers (seed §4.4). `customTag` is there when the command carried one. */
export type Reply =
  | {
      readonly status: true;
      readonly returnData?: unknown;
      /** Of `login` only. */
      readonly streamSessionId?: string;
      readonly customTag?: string;
    }
  | {
      readonly status: false;
      /** Empty when the server gave none. */
      readonly errorCode: string;
      readonly errorDescr: string;
      readonly redirect?: Redirect;
      readonly customTag?: string;
    };

/** What a streaming connection carries: records, and now and then a bare status (wire-behaviour §2.1). */
export type StreamFrame =
  | { readonly kind: 'data'; readonly command: string; readonly data: JsonObject }
  | { readonly kind: 'status'; readonly reply: Reply };

/** Reads an answer. Only `status` must be there; `null` when it is not, and the message is no answer. */
export function decodeReply(message: JsonObject): Reply | null {
  const { status, returnData, streamSessionId, errorCode, errorDescr, redirect, customTag } = message;
  const tag = typeof customTag === 'string' ? { customTag } : {};
  if (status === true) {
    return { status, returnData, ...(typeof streamSessionId === 'string' ? { streamSessionId } : {}), ...tag };
  }
  if (status !== false) return null;
  const target = decodeRedirect(redirect);
  return {
    status,
    errorCode: textOr(errorCode, ''),
    errorDescr: textOr(errorDescr, ''),
    ...(target ? { redirect: target } : {}),
    ...tag,
  };
}

/** Reads a message of a streaming connection; `null` when it is neither a record nor a status. */
export function decodeStreamFrame(message: JsonObject): StreamFrame | null {
  const { command, data } = message;
  if (typeof command === 'string' && isObject(data)) return { kind: 'data', command, data };
  const reply = decodeReply(message);
  return reply && { kind: 'status', reply };
}

function decodeRedirect(value: unknown): Redirect | null {
  if (!isObject(value)) return null;
  const { address, mainPort, streamingPort } = value;
  return typeof address === 'string' && typeof mainPort === 'number' && typeof streamingPort === 'number'
    ? { address, mainPort, streamingPort }
    : null;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
