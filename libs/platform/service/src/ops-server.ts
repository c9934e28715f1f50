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

/**
 * Health and metrics on a port of their own, up before the app is and until it is gone.
 * `/health/live`: the event loop turns; which process this is. `/health/ready`: 200, or 503 with reasons. `/metrics`: Prometheus text.
 */
export class OpsServer {
  private readonly server: Server;

  constructor(health: Health, metrics: Registry) {
    this.server = createServer((request, response) => {
      void answer(request.url ?? '/', health, metrics).then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      });
    });
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

async function answer(url: string, health: Health, metrics: Registry): Promise<Answer> {
  switch (new URL(url, 'http://ops').pathname) {
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
