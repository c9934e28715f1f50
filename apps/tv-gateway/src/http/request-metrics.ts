import type { NestFastifyApplication } from '@nestjs/platform-fastify';
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
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'unknown';
      if (!/\/stream(?:\/|ing$)/.test(route)) {
        seconds.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
      }
      done();
    });
}
