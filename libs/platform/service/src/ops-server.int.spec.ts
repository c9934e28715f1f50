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
});
