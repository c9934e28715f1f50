import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'console_session';
const TOKEN = new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]{43})(?:;|$)`);

/** The session that a browser shows; null where it shows none. */
export const sessionToken = ({ headers }: FastifyRequest): string | null =>
  TOKEN.exec(headers.cookie ?? '')?.[1] ?? null;

/** No script reads it, and no other site sends it. Over TLS it is for TLS alone. */
export function keepSession(request: FastifyRequest, reply: FastifyReply, token: string, maxAgeMs: number): void {
  const isTls = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const age = Math.floor(maxAgeMs / 1_000);
  void reply.header(
    'set-cookie',
    `${NAME}=${token}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}`,
  );
}
