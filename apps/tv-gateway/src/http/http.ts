import formbody from '@fastify/formbody';
import type { EdgeHttp } from '@core/edge/edge';
import { present } from '@core/kernel/present';
import { arrivalWithin } from '@core/service/arrival';
import { inBackground } from '@core/service/in-background';
import { NotFoundException } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpSettings } from '../config.ts';
import { Registry } from 'prom-client';
import { PolledAnswers } from '../api/polled-answers.ts';
import { CrossOrigin } from './cross-origin.ts';
import { EnvelopeFilter } from './envelope.filter.ts';
import { ServedAddresses } from './served-addresses.ts';
import { RepeatedPolls } from './repeated-polls.ts';
import { measureRequests } from './request-metrics.ts';

/** Longest id in a path: a bracket's or a deal's with room to spare. */
const PARAM_MAX = 200;

export const gatewayHttp = (settings: HttpSettings): EdgeHttp => {
  const crossOrigin = new CrossOrigin(settings);
  let failures: EnvelopeFilter | undefined;
  return {
    port: settings.port,
    adapter: adapterOf(settings, async (request, reply) => {
      crossOrigin.mark(request, reply);
      await present(failures, 'nobody asks before it listens').reply(new NotFoundException(), request, reply);
    }),
    async configure(app) {
      failures = new EnvelopeFilter(app.get(ServedAddresses));
      await configure(app, settings, { crossOrigin, failures });
    },
  };
};

type Answering = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

function adapterOf(settings: HttpSettings, answerUnread: Answering): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: settings.bodyMaxBytes,
    ...arrivalWithin(settings.requestTimeoutMs),
    routerOptions: { maxParamLength: PARAM_MAX },
    trustProxy: settings.trustedProxies || false,
    forceCloseConnections: true,
    // The document knows no HEAD, and that of a stream would begin one which nobody reads and nobody ends.
    exposeHeadRoutes: false,
    // No middleware is used; its hook would run with every request.
    skipMiddie: true,
    // Addresses that cannot be read come here before any hook, the one for browsers included.
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      inBackground('answering an address that cannot be read', answerUnread(request, reply)),
  });
}

/** What TradingView's browsers need of any answer: forms in, CORS on everything, errors in the envelope. */
async function configure(
  app: NestFastifyApplication,
  settings: HttpSettings,
  { crossOrigin, failures }: { readonly crossOrigin: CrossOrigin; readonly failures: EnvelopeFilter },
): Promise<void> {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  crossOrigin.register(server);
  server.removeAllContentTypeParsers();
  const polls = new RepeatedPolls(crossOrigin, measureRequests(server, app.get(Registry)));
  await app.register(formbody, { bodyLimit: settings.bodyMaxBytes });
  app.useGlobalFilters(failures);
  app.get(PolledAnswers).register(server, polls);
  polls.standBefore(server.server);
}
