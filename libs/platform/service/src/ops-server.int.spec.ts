import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { Health } from './health.ts';
import { LogLevel } from './log-level.ts';
import { createLogger, nestLogger } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { OpsServer } from './ops-server.ts';
import { gaugeReadiness } from './readiness-gauges.ts';
import { Screens } from './screens.ts';
import { noTracing } from './tracing.ts';

describe('OpsServer', () => {
  const health = new Health(100);
  const metrics = createMetrics('example');
  gaugeReadiness(metrics, health);
  const screens = new Screens(noTracing);
  const written: string[] = [];
  const log = createLogger('example', 'info', { write: (line) => written.push(line) });
  const ops = new OpsServer({ health, metrics, level: new LogLevel(log), screens });
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

  it('shows which build it is, and what keeps it from being given work', async () => {
    const shown = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
    expect(await shown()).toMatch(/^build_info\{build="source",node="[\d.]+",service="example"\} 1$/m);
    health.register('nats', () => {
      if (!isNatsUp) throw new Error('away');
    });
    let isNatsUp = false;
    expect(await shown()).toContain('service_ready{service="example"} 0');
    expect(await shown()).toContain('service_check_up{check="nats",service="example"} 0');
    isNatsUp = true;
    expect(await shown()).toContain('service_ready{service="example"} 1');
    expect(await shown()).toContain('service_check_up{check="nats",service="example"} 1');
  });

  it('shows when readers were first given what an event did, and nothing of events that nobody saw', async () => {
    const [opened, , closed] = recorded([
      anEvent('PositionOpened'),
      anEvent('PositionReduced'),
      anEvent('PositionClosed'),
    ]);
    for (const where of ['positions', 'orders']) screens.show(opened as RecordedEvent, where);
    screens.show(closed as RecordedEvent, 'position.closed');
    const shown = await fetch(`${url}/shown/3,2,1`);
    expect(await shown.json()).toEqual([
      { position: 3, where: 'position.closed', at: expect.stringMatching(/^20/) },
      { position: 1, where: 'positions', at: expect.stringMatching(/^20/) },
    ]);
    expect((await fetch(`${url}/shown/all`)).status).toBe(404);
  });

  it('changes what is written to the log while the process runs, and says so there', async () => {
    const orders = (): void => nestLogger(log).debug?.({ token: 'hunter2', msg: 'seen' }, 'Orders');
    orders();
    expect(written).toEqual([]);
    expect((await fetch(`${url}/log-level/debug`, { method: 'PUT' })).status).toBe(200);
    expect(await (await fetch(`${url}/log-level`)).json()).toEqual({ level: 'debug' });
    orders();
    expect(written.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ from: 'info', to: 'debug', msg: 'the log level was changed' }),
      expect.objectContaining({ level: 'debug', token: '[redacted]', msg: 'seen' }),
    ]);
    expect((await fetch(`${url}/log-level/loud`, { method: 'PUT' })).status).toBe(400);
    expect((await fetch(`${url}/metrics`, { method: 'PUT' })).status).toBe(404);
    expect(await (await fetch(`${url}/log-level`)).json()).toEqual({ level: 'debug' });
  });

  it('lets nobody of another machine change it', async () => {
    const [outside] = Object.values(networkInterfaces()).flatMap((addresses = []) =>
      addresses.filter(({ internal, family }) => !internal && family === 'IPv4'),
    );
    if (outside === undefined) return;
    const open = new OpsServer({ health, metrics, level: new LogLevel(log), screens });
    const port = await open.listen('0.0.0.0', 0);
    const before = log.level;
    const asked = await fetch(`http://${outside.address}:${port}/log-level/error`, { method: 'PUT' });
    expect([asked.status, log.level]).toEqual([403, before]);
    await open.close();
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
    const failing = new OpsServer({ health, metrics, level: new LogLevel(log), screens });
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
