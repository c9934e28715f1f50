import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Histogram, type Registry } from 'prom-client';

/** Times every answered request by route; a stream's time would be how long somebody listened. */
export function measureRequests(app: NestFastifyApplication, metrics: Registry): void {
  const seconds = new Histogram({
    name: 'tv_http_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [metrics],
  });
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  const observe = (route: string, { method }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void =>
    seconds.observe({ method, route, status: String(statusCode) }, elapsedTime / 1000);
  // At each route itself: to ask a request for its route is dear.
  server.addHook('onRoute', (options) => {
    if (/\/stream(?:\/|ing$)/.test(options.url)) return;
    options.onResponse = (request, reply, done) => {
      observe(options.url, request, reply);
      done();
    };
  });
  server.addHook('onResponse', (request, reply, done) => {
    if (request.is404) observe('unknown', request, reply);
    done();
  });
}
