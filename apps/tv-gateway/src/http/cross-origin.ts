import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpSettings } from '../config.ts';
import { originMatcher } from './origins.ts';

const METHODS = 'GET, POST, PUT, DELETE, OPTIONS';
const VARY = ['vary', 'Origin'];
const HEADERS = 'Authorization, Content-Type, If-None-Match';

/**
 * Which browsers may call and read what they hear (Fetch standard, "CORS protocol"). By hand, because every poll comes
 * through it (docs/decisions/0029).
 */
export class CrossOrigin {
  private readonly mayCall: (origin: string) => boolean;

  constructor(private readonly settings: Pick<HttpSettings, 'corsOrigins' | 'corsMaxAgeSeconds'>) {
    this.mayCall = originMatcher(settings.corsOrigins);
  }

  /** Before any other hook or route: on every answer, 401 and failures included. */
  register(server: Pick<FastifyInstance, 'addHook' | 'options'>): void {
    server.addHook('onRequest', (request, reply, done) => {
      this.mark(request, reply);
      done();
    });
    server.options('*', (request, reply) => {
      if (!this.isAllowed(request.headers.origin)) return reply.callNotFound();
      void reply
        .code(204)
        .header('access-control-allow-methods', METHODS)
        .header('access-control-allow-headers', HEADERS)
        .header('access-control-max-age', String(this.settings.corsMaxAgeSeconds))
        // Safari waits for a body otherwise.
        .header('content-length', '0')
        .send();
    });
  }

  /** For what no hook sees. */
  mark({ headers: { origin } }: FastifyRequest, reply: FastifyReply): void {
    const marks = this.marksFor(origin);
    for (let at = 0; at < marks.length; at += 2) void reply.header(marks[at] ?? '', marks[at + 1]);
  }

  /** Headers of an answer to that origin: names and values in turns, as Node takes them. */
  marksFor(origin: string | undefined): readonly string[] {
    if (!this.isAllowed(origin)) return VARY;
    return [...VARY, 'access-control-allow-origin', origin, 'access-control-expose-headers', 'ETag'];
  }

  private isAllowed(origin: string | undefined): origin is string {
    return origin !== undefined && this.mayCall(origin);
  }
}
