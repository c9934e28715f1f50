import formbody from '@fastify/formbody';
import type { EdgeHttp } from '@core/edge/edge';
import { arrivalWithin } from '@core/service/arrival';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpSettings } from '../config.ts';
import { Registry } from 'prom-client';
import { PolledAnswers } from '../api/polled-answers.ts';
import { callersLanguage } from './callers-language.ts';
import { CrossOrigin } from './cross-origin.ts';
import { EnvelopeFilter } from './envelope.filter.ts';
import { replyFailure } from './failure-reply.ts';
import { ServedAddresses } from './served-addresses.ts';
import { RepeatedPolls } from './repeated-polls.ts';
import { measureRequests } from './request-metrics.ts';

/** Longest id in a path: a bracket's or a deal's with room to spare. */
const PARAM_MAX = 200;

export const gatewayHttp = (settings: HttpSettings): EdgeHttp => {
  const crossOrigin = new CrossOrigin(settings);
  return {
    port: settings.port,
    adapter: adapterOf(settings, crossOrigin),
    configure: (app) => configure(app, settings, crossOrigin),
  };
};

function adapterOf(settings: HttpSettings, crossOrigin: CrossOrigin): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: settings.bodyMaxBytes,
    ...arrivalWithin(settings.requestTimeoutMs),
    routerOptions: { maxParamLength: PARAM_MAX },
    trustProxy: settings.trustedProxies || false,
    forceCloseConnections: true,
    // No middleware is used; its hook would run with every request.
    skipMiddie: true,
    // Addresses that cannot be read come here before any hook, the one for browsers included.
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      crossOrigin.mark(request, reply);
      void reply.code(200);
      replyFailure(reply, callersLanguage(request), { key: 'request.nothingHere' });
    },
  });
}

/** What TradingView's browsers need of any answer: forms in, CORS on everything, errors in the envelope. */
async function configure(app: NestFastifyApplication, settings: HttpSettings, crossOrigin: CrossOrigin): Promise<void> {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  crossOrigin.register(server);
  server.removeAllContentTypeParsers();
  const polls = new RepeatedPolls(crossOrigin, measureRequests(server, app.get(Registry)));
  await app.register(formbody, { bodyLimit: settings.bodyMaxBytes });
  app.useGlobalFilters(new EnvelopeFilter(app.get(ServedAddresses)));
  app.get(PolledAnswers).register(server, polls);
  polls.standBefore(server.server);
}
