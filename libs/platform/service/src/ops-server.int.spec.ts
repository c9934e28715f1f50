import { request } from 'node:http';
import { Health } from './health.ts';
import { createMetrics } from './metrics.ts';
import { OpsServer } from './ops-server.ts';

describe('OpsServer', () => {
  const health = new Health(100);
  const ops = new OpsServer(health, createMetrics('example'));
  let url: string;

  beforeAll(async () => {
    url = `http://127.0.0.1:${await ops.listen('127.0.0.1', 0)}`;
  });
  afterAll(() => ops.close());

  it('is live before it is ready', async () => {
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const before = await fetch(`${url}/health/ready`);
    expect(before.status).toBe(503);
    expect(await before.json()).toMatchObject({ checks: { process: { reason: 'starting' } } });
    health.started();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });

  it('shows metrics with the name of the service', async () => {
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toMatch(/nodejs_eventloop_lag_seconds\{service="example"\}/);
  });

  it('knows nothing else', async () => {
    expect((await fetch(`${url}/secrets`)).status).toBe(404);
  });

  it.each(['//', '///x', '*', 'http://[/', 'http://', '/%', '/%zz?%', '/health/live/../ready', '?', '\\', ':99999'])(
    'answers the target %s, and lives',
    async (path) => {
      expect([400, 404]).toContain(await statusOf(url, path));
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
    },
  );

  it('says so when a figure cannot be read, and lives', async () => {
    const metrics = createMetrics('example');
    jest.spyOn(metrics, 'metrics').mockRejectedValue(new Error('a gauge failed'));
    const failing = new OpsServer(health, metrics);
    const at = `http://127.0.0.1:${await failing.listen('127.0.0.1', 0)}`;
    expect((await fetch(`${at}/metrics`)).status).toBe(500);
    expect((await fetch(`${at}/health/live`)).status).toBe(200);
    await failing.close();
  });
});

/** Sends a request target as it stands: `fetch` would mend it. */
const statusOf = (url: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
