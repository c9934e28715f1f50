import type { FastifyReply } from 'fastify';
import type { PreparedAnswer } from '../views/prepared-answer.ts';

interface PreparedReply {
  readonly status: 200 | 304;
  /** Names and values in turns, as Node takes them. */
  readonly headers: string[];
  /** Null where the client has it already. */
  readonly body: Buffer | null;
}

/**
 * An answer that was made before, or that nothing changed, to who has it already by what `If-None-Match` says (RFC 9110,
 * 13.1.2). It is one trader's, and asked for again every time.
 */
export function preparedReply({ body, tag, language }: PreparedAnswer, known: string | undefined): PreparedReply {
  const headers = ['etag', tag, 'cache-control', 'private, no-cache'];
  if (known !== undefined && names(known, tag)) return { status: 304, headers, body: null };
  if (language !== null) headers.push('content-language', language);
  headers.push('content-type', 'application/json; charset=utf-8', 'content-length', String(body.length));
  return { status: 200, headers, body };
}

export function replyPrepared(reply: FastifyReply, answer: PreparedAnswer): void {
  const { status, headers, body } = preparedReply(answer, reply.request.headers['if-none-match']);
  for (let at = 0; at < headers.length; at += 2) void reply.header(headers[at] ?? '', headers[at + 1]);
  void reply.code(status).send(body ?? undefined);
}

/** Whether an `If-None-Match` names this tag, by weak comparison: a proxy that compresses weakens tags. */
const names = (known: string, tag: string): boolean =>
  known === tag ||
  known.split(',').some((each) => {
    const named = each.trim();
    return named === '*' || (named.startsWith('W/') ? named.slice(2) : named) === tag;
  });
