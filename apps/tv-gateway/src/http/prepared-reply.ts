import type { FastifyReply } from 'fastify';
import type { PreparedAnswer } from '../views/prepared-answer.ts';

/**
 * Sends an answer that was made before, or that nothing changed where the client has it already (RFC 9110, 13.1.2).
 * It is one trader's, and asked for again every time.
 */
export function replyPrepared(reply: FastifyReply, { body, tag, language }: PreparedAnswer): FastifyReply {
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  const known = reply.request.headers['if-none-match'];
  if (known !== undefined && names(known, tag)) return reply.code(304).send();
  if (language !== null) void reply.header('content-language', language);
  return reply.header('content-type', 'application/json; charset=utf-8').send(body);
}

/** Whether an `If-None-Match` names this tag, by weak comparison: a proxy that compresses weakens tags. */
const names = (known: string, tag: string): boolean =>
  known === tag ||
  known.split(',').some((each) => {
    const named = each.trim();
    return named === '*' || (named.startsWith('W/') ? named.slice(2) : named) === tag;
  });
