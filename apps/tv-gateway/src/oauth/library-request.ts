import { IncomingMessage } from 'node:http';
import { stringify, type ParsedUrlQueryInput } from 'node:querystring';
import type { FastifyRequest } from 'fastify';

/** What of a request the library is to see otherwise than it came. */
export interface SeenRequest {
  /** Where people reach the gateway: the library makes addresses of it, whatever `Host` says. */
  readonly origin: URL;
  readonly path?: string;
  readonly form?: ParsedUrlQueryInput;
  readonly cookie?: string;
}

/** A request as the library takes it, with its form unread. The one that came stays as it is. */
export function libraryRequest(
  { raw, body }: FastifyRequest,
  { origin, path, cookie, form }: SeenRequest,
): IncomingMessage {
  const bytes = Buffer.from(stringify(form ?? Object(body)));
  const { 'x-forwarded-host': _host, 'transfer-encoding': _encoding, ...headers } = raw.headers;
  const request = Object.assign(new IncomingMessage(raw.socket), {
    method: raw.method,
    url: path ?? raw.url,
    httpVersion: raw.httpVersion,
    complete: true,
    headers: {
      ...headers,
      ...(cookie === undefined ? {} : { cookie }),
      host: origin.host,
      'x-forwarded-proto': origin.protocol.slice(0, -1),
      'content-length': String(bytes.byteLength),
    },
  });
  request.push(bytes);
  request.push(null);
  return request;
}
