import { arrivalWithin } from '@core/service/arrival';
import { PAGE_HEADERS } from '@core/service/page-headers';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageSettings } from './config.ts';

/** Longest part of a path: a link's token with room to spare. */
const PARAM_MAX = 1_000;

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

/** HTTP for browsers that know this server by one of its names; another site's name for it, or its pages, get nothing. */
export function consoleHttp({ hosts, requestTimeoutMs }: PageSettings): FastifyAdapter {
  const isOurs = (host: string | undefined): boolean =>
    host !== undefined && (LOCAL.test(host) || hosts.includes(host));
  const adapter = new FastifyAdapter({
    ...arrivalWithin(requestTimeoutMs),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAM_MAX },
  });
  adapter.getInstance().addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.headers(PAGE_HEADERS);
    const { host, origin } = request.headers;
    if (!isOurs(host)) return reply.code(421).send(refusal('this server has another name'));
    if (origin !== undefined && hostOf(origin) !== host) return reply.code(403).send(refusal('asked by another site'));
    return undefined;
  });
  return adapter;
}

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

const refusal = (reason: string) => ({ error: reason });
