import formbody from '@fastify/formbody';
import { arrivalWithin } from '@core/service/arrival';
import { failure } from '@core/tradingview/wire/envelope';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.ts';
import { Registry } from 'prom-client';
import { EnvelopeFilter } from './envelope.filter.ts';
import { originMatcher } from './origins.ts';
import { measureRequests } from './request-metrics.ts';

/** Longest id in a path: a bracket's or a deal's with room to spare. */
const PARAM_MAX = 200;

export function httpAdapter(config: GatewayConfig): FastifyAdapter {
  const mayCall = originMatcher(config.corsOrigins);
  return new FastifyAdapter({
    bodyLimit: config.bodyMaxBytes,
    ...arrivalWithin(config.requestTimeoutMs),
    routerOptions: { maxParamLength: PARAM_MAX },
    trustProxy: config.trustedProxies === 0 ? false : config.trustedProxies,
    forceCloseConnections: true,
    // No middleware is used; its hook would run with every request.
    skipMiddie: true,
    // Addresses that cannot be read come here before any hook, the one for browsers included.
    frameworkErrors: (_error: FastifyError, { headers: { origin } }: FastifyRequest, reply: FastifyReply) => {
      if (origin !== undefined && mayCall(origin)) void reply.header('access-control-allow-origin', origin);
      void reply.code(200).header('vary', 'Origin').send(failure('There is nothing at this address.'));
    },
  });
}

/** What TradingView's browsers need of any answer: forms in, CORS on everything, errors in the envelope. */
export async function configureHttp(app: NestFastifyApplication, config: GatewayConfig): Promise<void> {
  const mayCall = originMatcher(config.corsOrigins);
  app.enableCors({
    origin: (origin: string | undefined, done: (error: Error | null, allow: boolean) => void) =>
      done(null, origin !== undefined && mayCall(origin)),
    methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    allowedHeaders: ['Authorization', 'Content-Type', 'If-None-Match'],
    maxAge: config.corsMaxAgeSeconds,
  });
  app.getHttpAdapter().getInstance().removeAllContentTypeParsers();
  measureRequests(app, app.get(Registry));
  await app.register(formbody, { bodyLimit: config.bodyMaxBytes });
  app.useGlobalFilters(new EnvelopeFilter());
}
