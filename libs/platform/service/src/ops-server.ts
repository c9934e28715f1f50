import type { Instant } from '@core/contracts/primitives';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { BUILD } from './build.ts';
import { now } from './clock.ts';
import { expositionOf } from './exposition.ts';
import type { Health } from './health.ts';
import { LEVELS, type LogLevel } from './log-level.ts';
import type { Screens } from './screens.ts';

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

/** Which process this is, and since when. */
interface ProcessIdentity {
  readonly pid: number;
  readonly build: string;
  readonly startedAt: Instant;
}

/** What is shown here, and what may be changed. */
interface ShownParts {
  readonly health: Health;
  readonly metrics: Registry;
  readonly level: LogLevel;
  readonly screens: Screens;
}

/** How long a request may take to arrive. */
const REQUEST_MS = 10_000;

/**
 * Health and metrics on a port of their own, up before the app is and until it is gone.
 * `/health/live`: the event loop turns; which process this is. `/health/ready`, or `/health`: 200, or 503 with reasons.
 * `/metrics`: Prometheus text, or OpenMetrics with exemplars for whoever reads it.
 * `/shown/7,9`: when readers were first given what these events of the log did, of those that are remembered.
 * `/log-level`: what is written to the log; `PUT /log-level/debug` changes it, for whoever asks on this machine.
 */
export class OpsServer {
  private readonly server: Server;

  constructor(parts: ShownParts) {
    const process: ProcessIdentity = { pid: globalThis.process.pid, build: BUILD, startedAt: now() };
    this.server = createServer((request, response) => {
      answer(request, { process, ...parts })
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

interface Shown extends ShownParts {
  readonly process: ProcessIdentity;
}

/** The path as it was sent, not parsed: whoever reaches this port may send anything. */
async function answer(request: IncomingMessage, { process, health, metrics, level, screens }: Shown): Promise<Answer> {
  const path = request.url?.split('?', 1)[0] ?? '/';
  if (request.method === 'PUT') return changeLevel(request, path, level);
  switch (path) {
    case '/health/live':
      return json(200, { status: 'ok', ...process });
    case '/health':
    case '/health/ready': {
      const readiness = await health.readiness();
      return json(readiness.status === 'ok' ? 200 : 503, readiness);
    }
    case '/metrics':
      return { status: 200, ...(await expositionOf(metrics, request.headers.accept)) };
    case '/log-level':
      return json(200, { level: level.now });
    default: {
      const [, positions] = SHOWN_PATH.exec(path) ?? [];
      if (positions !== undefined) return json(200, screens.of(positions.split(',').map(Number)));
      return json(404, { status: 'error', reason: `there is ${PATHS}` });
    }
  }
}

const PATHS = '/health/live, /health/ready, /metrics, /shown/<positions> and /log-level';
const SHOWN_PATH = /^\/shown\/([\d,]+)$/;
const LEVEL_PATH = /^\/log-level\/([a-z]+)$/;
const THIS_MACHINE = /^(?:::ffff:)?127\.|^::1$/;

/** For processes of this machine alone: the port asks nobody who they are. */
function changeLevel({ socket }: IncomingMessage, path: string, level: LogLevel): Answer {
  const [, wanted] = LEVEL_PATH.exec(path) ?? [];
  if (wanted === undefined) return json(404, { status: 'error', reason: 'there is PUT /log-level/<level>' });
  if (!THIS_MACHINE.test(socket.remoteAddress ?? ''))
    return json(403, { status: 'error', reason: 'the log level is changed from this machine only' });
  if (!level.change(wanted)) return json(400, { status: 'error', reason: `a level is one of ${LEVELS.join(', ')}` });
  return json(200, { level: level.now });
}
