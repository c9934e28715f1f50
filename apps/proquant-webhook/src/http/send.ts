import type { Response } from '@core/proquant/response';
import type { FastifyReply } from 'fastify';

/** Sends an answer exactly as it stands: a buffer gets no charset from the framework, and nothing gets no type. */
export function send(reply: FastifyReply, { status, headers, body }: Response): void {
  void reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : Buffer.from(body));
}
