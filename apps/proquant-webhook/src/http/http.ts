import type { EdgeHttp } from '@core/edge/edge';
import { TradingAccess } from '@core/edge/trading-access';
import { unnamed } from '@core/proquant/problem';
import { encodeProblem } from '@core/proquant/response';
import { arrivalWithin } from '@core/service/arrival';
import { newId } from '@core/service/clock';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { HookSettings } from '../config.ts';
import { ProblemFilter } from './problem.filter.ts';
import { send } from './send.ts';
import { UnreadDeliveries } from './unread.ts';

/** Longest id in a path: a UUID with room to spare. */
const PARAM_MAX = 100;

/** What every body is taken for: senders claim odd types, or none. */
const ANY_TYPE = 'application/octet-stream';

export const webhookHttp = (settings: HookSettings): EdgeHttp => ({
  port: settings.port,
  adapter: adapterOf(settings),
  configure,
});

const adapterOf = (settings: HookSettings): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: settings.bodyMaxBytes,
    ...arrivalWithin(settings.deadlineMs * 2),
    routerOptions: { maxParamLength: PARAM_MAX },
    trustProxy: settings.trustedProxies || false,
    forceCloseConnections: true,
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      send(reply, encodeProblem(unnamed(400), newId())),
  });

/** Bodies are bytes for our own decoder, whatever type they claim. One filter for all failures. */
function configure(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.headers['content-type'] = ANY_TYPE;
    done();
  });
  fastify.addContentTypeParser(ANY_TYPE, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const found = { strict: false };
  app.useGlobalFilters(new ProblemFilter(app.get(TradingAccess, found), app.get(UnreadDeliveries, found)));
}
