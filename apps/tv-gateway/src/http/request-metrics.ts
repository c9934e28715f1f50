import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { outcomeOf, type ReplyOutcome } from './failure-reply.ts';

interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly outcome: ReplyOutcome;
}

export type Observe = (answered: AnsweredRequest, ms: number) => void;

/**
 * Times every answered request by route and outcome: a refusal has the status 200 as well. A stream's time would be how
 * long somebody listened. Returns how to tell of one that the server does not see.
 */
export function measureRequests(server: FastifyInstance, metrics: Registry): Observe {
  const seconds = new Histogram({
    name: 'tv_http_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status', 'outcome'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [metrics],
  });
  const observe: Observe = ({ method, route, status, outcome }, ms) =>
    seconds.observe({ method, route, status: String(status), outcome }, ms / 1000);
  const observeReply = (route: string, { method }: FastifyRequest, reply: FastifyReply): void =>
    observe({ method, route, status: reply.statusCode, outcome: outcomeOf(reply) }, reply.elapsedTime);
  // At each route itself: to ask a request for its route is dear.
  server.addHook('onRoute', (options) => {
    if (/\/stream(?:\/|ing$)/.test(options.url)) return;
    options.onResponse = (request, reply, done) => {
      observeReply(options.url, request, reply);
      done();
    };
  });
  server.addHook('onResponse', (request, reply, done) => {
    if (request.is404) observeReply('unknown', request, reply);
    done();
  });
  return observe;
}
