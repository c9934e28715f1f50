import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { statSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { DocumentedServer, OpenApiDocument } from '@core/testing/openapi-document';
import { loadConfig } from '@core/service/load-config';
import { ServiceModule } from '@core/service/service.module';
import { simulatorConfig } from '../config.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';
import { RunningSimulator } from '../running.ts';
import { SimulatorModule } from '../simulator.module.ts';

/** The status of a deposit with these headers, which `fetch` would not send. */
async function posted(app: INestApplication, headers: OutgoingHttpHeaders, body: string): Promise<number | undefined> {
  const sent = request(`${await app.getUrl()}/control/accounts/10001/cash`, { method: 'POST', headers }).end(body);
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  answer?.resume();
  return answer?.statusCode;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The app as `main.ts` makes it, without the process around it. */
async function start(environment: Record<string, string>) {
  const config = loadConfig(simulatorConfig, { SIMULATOR_KNOBS: '{"market":{"restlessness":0}}', ...environment });
  const root = { module: class Root {}, imports: [ServiceModule.forTest(config), SimulatorModule] };
  const adapter = new FastifyAdapter();
  const documented = new DocumentedServer(OpenApiDocument.of('xapi-simulator'), adapter.getInstance());
  const app: INestApplication = await NestFactory.create(root, adapter, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const ask = async (method: string, path: string, given?: unknown): Promise<Answer> => {
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(given) };
    const answer = await fetch(url + path, { method, ...(given === undefined ? {} : json) });
    const body = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: answer.status, body: isJson ? JSON.parse(body) : body };
  };
  return { app, ask, documented, running: app.get(RunningSimulator) };
}

describe('the control API', () => {
  let started: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    started = await start({ SIMULATOR_TCP_PORT: '0' });
  });
  afterAll(() => started.app.close());

  it('has a document that knows every address, and no other', () => {
    expect(started.documented.document.routes).toEqual(started.documented.served);
  });

  it('says where clients connect', async () => {
    const { body } = await started.ask('GET', '/control/addresses');
    expect(body).toEqual({ tcp: { main: expect.stringMatching(/:\d+$/), stream: expect.stringMatching(/:\d+$/) } });
  });

  it('says what clients of TLS are to trust', async () => {
    expect((await started.ask('GET', '/control/certificate')).status).toBe(404);
    const { app, ask, running } = await start({ SIMULATOR_TLS_PORT: '0' });
    const { body: ca } = await ask('GET', '/control/certificate');
    const [host = '', port] = running.addresses.tls?.main.split(':') ?? [];
    const socket = connectTls({ host, port: Number(port), ca: String(ca), servername: 'localhost' });
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.destroy();
    await app.close();
  });

  it.each([
    ['a form', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', 415, { 'content-type': 'text/plain' }],
    ['a page of elsewhere', 403, { origin: 'https://evil.example', 'content-type': 'application/json' }],
    ['a sandboxed page', 403, { origin: 'null', 'content-type': 'application/json' }],
    ['a name that was made to point here', 403, { host: 'evil.example:5120', 'content-type': 'application/json' }],
  ])('takes nothing from %s', async (_, status, headers) => {
    const before = await started.ask('GET', '/control/accounts');
    expect(await posted(started.app, headers, '{"amount":-50000}')).toBe(status);
    expect((await started.ask('GET', '/control/accounts')).body).toEqual(before.body);
  });

  it('takes JSON from a page of its own and from scripts, whatever they call this machine', async () => {
    const { port } = new URL(await started.app.getUrl());
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, '[::1]:5120', 'xapi-simulator:5120'])
      for (const origin of [{}, { origin: `http://${host}` }]) {
        const headers = { host, ...origin, 'content-type': 'application/json; charset=utf-8' };
        expect([host, await posted(started.app, headers, '{"amount":1}')]).toEqual([host, 201]);
      }
  });

  it('never shows a password', async () => {
    for (const path of ['/control/accounts', '/control/knobs', '/control/connections', '/control/journal']) {
      const { status, body } = await started.ask('GET', path);
      expect([path, status]).toEqual([path, 200]);
      expect(JSON.stringify(body)).not.toContain('demo-');
    }
  });

  it('opens, hits, and shows what came of it', async () => {
    const opened = await started.ask('POST', '/control/accounts/10001/positions', {
      symbol: 'EURUSD',
      side: 'buy',
      volume: 0.1,
      sl: 1.08,
    });
    expect(opened).toMatchObject({ status: 201, body: { position: expect.any(Number) } });
    const { position } = opened.body as { position: number };
    expect((await started.ask('GET', '/control/positions?userId=10001')).body).toMatchObject([
      { position, sl: '1.08', side: 'buy' },
    ]);
    expect(await started.ask('POST', `/control/positions/${position}/hit`, { what: 'tp' })).toMatchObject({
      status: 409,
    });
    expect(await started.ask('POST', `/control/positions/${position}/hit`, { what: 'sl' })).toMatchObject({
      status: 200,
    });
    expect((await started.ask('GET', '/control/positions')).body).toEqual([]);
    expect(await started.ask('POST', `/control/positions/${position}/hit`, { what: 'sl' })).toMatchObject({
      status: 404,
    });
    expect(started.running.simulator.broker.account('10001').deals).toMatchObject([{ position, comment: '[S/L]' }]);
  });

  it('keeps a journal of every order that came, with its outcome', async () => {
    const { simulator, driver } = started.running;
    const client = new MemoryClient(simulator, '10002');
    driver.act(() => client.main.write('{"command":"login","arguments":{"userId":"10002","password":"demo-10002"}}'));
    const order = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1, customComment: 'token-1' };
    driver.act(() =>
      client.main.write(
        JSON.stringify({ command: 'tradeTransaction', arguments: { tradeTransInfo: order }, customTag: 'command-1' }),
      ),
    );
    driver.skip(1_000);
    const { body } = await started.ask('GET', '/control/journal?userId=10002');
    expect(body).toMatchObject([
      {
        sequence: 1,
        customTag: 'command-1',
        executed: true,
        error: null,
        requestStatus: 3,
        request: { customComment: 'token-1', volume: '0.1' },
      },
    ]);
    expect((body as { positions: number[] }[])[0]?.positions).toHaveLength(1);
    expect((await started.ask('GET', '/control/journal?after=1')).body).toEqual([]);
  });

  it.each([
    ['PUT', '/control/prices/EURUSD', { bid: 'x' }, 400],
    ['PUT', '/control/prices/EURUSD', { bid: 1, bad: 1 }, 400],
    ['PUT', '/control/prices/NOTHING', { bid: 1 }, 404],
    ['PUT', '/control/prices/EURUSD', { bid: 1.1, ask: 1.0 }, 409],
    ['PATCH', '/control/knobs', { pacing: { strikes: 0 } }, 400],
    ['POST', '/control/faults', { kind: 'nothing' }, 400],
    ['DELETE', '/control/faults/99', undefined, 404],
    ['DELETE', '/control/orders/99', undefined, 404],
    ['POST', '/control/accounts', { userId: '10001', password: 'x' }, 409],
    ['POST', '/control/accounts/nobody/cash', { amount: 1 }, 404],
    ['POST', '/control/clock/advance', { ms: -1 }, 400],
    ['GET', '/control/journal?limit=0', undefined, 400],
  ])('refuses %s %s %j with %s', async (method, path, body, status) => {
    expect((await started.ask(method, path, body)).status).toBe(status);
  });

  it('does everything that the README shows', async () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    const lines = readme.split('\n').filter((line) => line.startsWith('curl '));
    expect(lines.length).toBeGreaterThan(12);
    const opened = await started.ask('POST', '/control/accounts/10001/positions', {
      symbol: 'GBPUSD',
      side: 'buy',
      volume: 0.1,
      sl: 1.2,
    });
    for (const line of lines) {
      const [, method = 'GET'] = /-X (\w+)/.exec(line) ?? [];
      const [, path = ''] = /localhost:5120(\/[^' ]*)/.exec(line) ?? [];
      const [, body] = /-d '([^']*)'/.exec(line) ?? [];
      const real = path.replace('500000107', String((opened.body as { position: number }).position));
      const { status } = await started.ask(method, real, body === undefined ? undefined : JSON.parse(body));
      expect([line, status < 300]).toEqual([line, true]);
    }
  });

  it('answered all of this as its document says', async () => {
    for (const path of ['positions', 'orders', 'prices', 'clock', 'knobs', 'faults', 'connections'])
      await started.ask('GET', `/control/${path}`);
    await started.ask('POST', '/control/faults', { kind: 'fail-trigger' });
    await started.ask('GET', '/control/faults');
    await started.ask('DELETE', '/control/knobs');
    await started.ask('POST', '/control/clock/advance', { ms: 1 });
    expect([...started.documented.faults]).toEqual([]);
  });
});

describe('a simulator with a state file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-state-'));
  const environment = { SIMULATOR_STATE_FILE: join(folder, 'deep', 'state.json') };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('knows its positions after a restart', async () => {
    const first = await start(environment);
    const opened = await first.ask('POST', '/control/accounts/10001/positions', {
      symbol: 'GOLD',
      side: 'sell',
      volume: 0.3,
    });
    await first.app.close();
    // Nobody else may read the passwords in it.
    expect(statSync(environment.SIMULATOR_STATE_FILE).mode & 0o777).toBe(0o600);

    const second = await start(environment);
    expect((await second.ask('GET', '/control/positions')).body).toMatchObject([
      { ...(opened.body as object), symbol: 'GOLD', side: 'sell' },
    ]);
    const next = await second.ask('POST', '/control/accounts/10001/positions', {
      symbol: 'GOLD',
      side: 'sell',
      volume: 0.3,
    });
    expect((next.body as { position: number }).position).toBeGreaterThan(
      (opened.body as { position: number }).position,
    );
    await second.app.close();
  });

  it('will not start on a file that is no state', async () => {
    const path = join(folder, 'other.json');
    writeFileSync(path, '{"version":7}');
    await expect(start({ SIMULATOR_STATE_FILE: path })).rejects.toThrow('other.json cannot be read');
  });
});
