import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(value)}\n`,
});

/** How long a request may take to arrive. */
const REQUEST_MS = 10_000;

/**
 * Health and metrics on a port of their own, up before the app is and until it is gone.
 * `/health/live`: the event loop turns; which process this is. `/health/ready`: 200, or 503 with reasons. `/metrics`: Prometheus text.
 */
export class OpsServer {
  private readonly server: Server;

  constructor(health: Health, metrics: Registry) {
    this.server = createServer((request, response) => {
      answer(request.url ?? '/', health, metrics)
        .catch((error: unknown) => json(500, { status: 'error', reason: String(error) }))
        .then(({ status, type, body }) =>
          response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
        )
        .catch(() => response.destroy());
    });
    this.server.requestTimeout = REQUEST_MS;
    this.server.headersTimeout = REQUEST_MS;
  }

  /** Resolves to the port, which the system chose when `port` is 0. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

/** The path as it was sent, not parsed: whoever reaches this port may send anything. */
async function answer(target: string, health: Health, metrics: Registry): Promise<Answer> {
  switch (target.split('?', 1)[0]) {
    case '/health/live':
      return json(200, { status: 'ok', pid: process.pid });
    case '/health/ready': {
      const readiness = await health.readiness();
      return json(readiness.status === 'ok' ? 200 : 503, readiness);
    }
    case '/metrics':
      return { status: 200, type: metrics.contentType, body: await metrics.metrics() };
    default:
      return json(404, { status: 'error', reason: 'there is /health/live, /health/ready and /metrics' });
  }
}
