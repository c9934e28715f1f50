import formbody from '@fastify/formbody';
import type { EdgeHttp } from '@core/edge/edge';
import { arrivalWithin } from '@core/service/arrival';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpSettings } from '../config.ts';
import { Registry } from 'prom-client';
import { PolledAnswers } from '../api/polled-answers.ts';
import { callersLanguage } from './callers-language.ts';
import { EnvelopeFilter } from './envelope.filter.ts';
import { replyFailure } from './failure-reply.ts';
import { originMatcher } from './origins.ts';
import { measureRequests } from './request-metrics.ts';

/** Longest id in a path: a bracket's or a deal's with room to spare. */
const PARAM_MAX = 200;

export const gatewayHttp = (settings: HttpSettings): EdgeHttp => ({
  port: settings.port,
  adapter: adapterOf(settings),
  configure: (app) => configure(app, settings),
});

function adapterOf(settings: HttpSettings): FastifyAdapter {
  const mayCall = originMatcher(settings.corsOrigins);
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
      const { origin } = request.headers;
      if (origin !== undefined && mayCall(origin)) void reply.header('access-control-allow-origin', origin);
      void reply.code(200).header('vary', 'Origin');
      replyFailure(reply, callersLanguage(request), { key: 'request.nothingHere' });
    },
  });
}

/** What TradingView's browsers need of any answer: forms in, CORS on everything, errors in the envelope. */
async function configure(app: NestFastifyApplication, settings: HttpSettings): Promise<void> {
  const mayCall = originMatcher(settings.corsOrigins);
  app.enableCors({
    origin: (origin: string | undefined, done: (error: Error | null, allow: boolean) => void) =>
      done(null, origin !== undefined && mayCall(origin)),
    methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    allowedHeaders: ['Authorization', 'Content-Type', 'If-None-Match'],
    exposedHeaders: ['ETag'],
    maxAge: settings.corsMaxAgeSeconds,
  });
  app.getHttpAdapter().getInstance().removeAllContentTypeParsers();
  measureRequests(app, app.get(Registry));
  await app.register(formbody, { bodyLimit: settings.bodyMaxBytes });
  app.useGlobalFilters(new EnvelopeFilter());
  app.get(PolledAnswers).register(app.getHttpAdapter().getInstance());
}
