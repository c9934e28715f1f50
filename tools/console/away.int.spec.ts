// The console while what it looks at is away: it names what is, and shows what it can.
import { migrateEventLog } from '@core/event-log/migrations';
import { AppProcess } from '@core/machine/app-process';
import { consoleLink } from '@core/operations/console-link';
import { migrateRegistry } from '@core/registry/migrations';
import { newId } from '@core/service/clock';
import { LOGINS } from '@core/service/logins';
import { describeInBrowser } from '@core/testing/browser';
import { freePort } from '@core/testing/free-port';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { ConsoleBrowser } from './console-browser.fixture.ts';

const SERVICES = LOGINS.filter((login) => login !== 'operator' && login !== 'console');
const LINK_KEY = randomBytes(32).toString('base64');

interface Overview {
  readonly summary: string;
  readonly services: readonly { readonly name: string; readonly status: string }[];
  readonly findings: readonly { readonly text: string }[];
  readonly head: number;
}

let database: FreshDatabase;
let proxy: PostgresProxy;
let nats: ThrowawayNats;
let services: ReadonlyMap<string, Server>;
let app: AppProcess;
let url: string;
let cookie: string;

/** A service that is well, as its port of health says it. */
async function wellService(): Promise<Server> {
  const server = createServer((request, response) => {
    const live = { build: 'spec', startedAt: '2026-01-05T10:00:00.000000Z' };
    const said = request.url === '/health/live' ? live : { status: 'ok', checks: {} };
    response.end(request.url === '/metrics' ? '' : JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server | undefined): number => {
  const address = server?.address();
  if (typeof address !== 'object' || !address) throw new Error('it listens nowhere');
  return address.port;
};

const linkIn = (): Promise<string> =>
  consoleLink(url, LINK_KEY, { id: newId(), name: 'grace', role: 'admin' }, Date.now());

const overview = async (): Promise<Overview> => {
  const response = await fetch(`${url}/api/overview`, { headers: { cookie } });
  expect(response.status).toBe(200);
  return (await response.json()) as Overview;
};

/** What the first page says is not ready, once it says this. */
const away = async (names: readonly string[]): Promise<void> => {
  const named = async () =>
    (await overview()).services
      .filter(({ status }) => status !== 'ready' && status !== 'reachable')
      .map(({ name }) => name);
  await until(async () => JSON.stringify(await named()) === JSON.stringify(names));
};

beforeAll(async () => {
  [database, nats] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
  await migrateEventLog(database.url);
  await migrateRegistry(database.url);
  proxy = await PostgresProxy.before(database.url);
  services = new Map(await Promise.all(SERVICES.map(async (name) => [name, await wellService()] as const)));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = {
    DATABASE_URL: proxy.url,
    NATS_URL: nats.url,
    PORT: String(port),
    LINK_KEY,
    OPERATOR_DATABASE_URL: proxy.url,
    REPLAY_COMMAND: 'ops',
    SIMULATOR_CONTROL: `http://127.0.0.1:${await freePort()}`,
    WATCH_SERVICES: SERVICES.map((name) => `${name}=http://127.0.0.1:${portOf(services.get(name))}`).join(','),
  };
  app = new AppProcess({ name: 'console', opsPort: await freePort(), env });
  await app.start();
  const { headers } = await fetch(await linkIn(), { redirect: 'manual' });
  cookie = headers.get('set-cookie')?.split(';', 1)[0] ?? '';
});

afterAll(async () => {
  await app.stop();
  await proxy.stop();
  await nats.stop();
  for (const server of services.values()) server.close();
  await database.drop();
});

it('is well while everything is', () => away([]));

it.each(SERVICES)('names %s while it is away, and answers everything else', async (name) => {
  const server = services.get(name);
  const port = portOf(server);
  server?.closeAllConnections();
  server?.close();
  await away([name]);
  expect((await overview()).findings.map(({ text }) => text)).toEqual([`${name} does not answer: it does not run`]);
  expect((await fetch(`${url}/api/log`, { headers: { cookie } })).status).toBe(200);
  server?.listen(port, '127.0.0.1');
  await away([]);
});

it('names NATS while it is away: the log is read, and what takes NATS is refused with the reason', async () => {
  await nats.stop();
  await away(['NATS']);
  expect((await fetch(`${url}/api/log`, { headers: { cookie } })).status).toBe(200);
  const halt = { account: newId(), switch: 'halt', typed: 'live', note: 'spec' };
  const headers = { cookie, 'content-type': 'application/json' };
  const refused = await fetch(`${url}/api/commands/trading`, { method: 'POST', headers, body: JSON.stringify(halt) });
  expect([refused.status, await refused.json()]).toEqual([503, { error: expect.stringContaining('NATS') }]);
});

it('names Postgres while it is away, to whoever was in already, and goes on when it is back', async () => {
  proxy.cut();
  await away(['Postgres', 'NATS']);
  expect((await fetch(`${url}/api/session`, { headers: { cookie } })).status).toBe(200);
  const refused = await fetch(`${url}/api/log`, { headers: { cookie } });
  expect([refused.status, await refused.json()]).toEqual([503, { error: expect.stringContaining('Postgres') }]);
  proxy.speak();
  await away(['NATS']);
});

describeInBrowser('the pages, in a browser', () => {
  let browser: ConsoleBrowser;

  beforeAll(async () => {
    browser = await ConsoleBrowser.open({ url, link: linkIn });
  });
  afterAll(() => browser.close());
  // That an answer was 503 a browser says whatever a page does.
  afterEach(() =>
    expect(browser.complaints.splice(0).filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]),
  );

  const PAGES = [
    ...['/', '/log', '/accounts', '/workbench', '/market', '/projections', '/projections/stepper', '/replay'],
    ...['/simulator', '/audit', '/audit/traders', '/audit/accounts', '/audit/keys', '/audit/integrations'],
    '/audit/operators',
  ];

  /** Why pages do not show all that they would, by their addresses. */
  async function reasons(): Promise<Readonly<Record<string, readonly string[]>>> {
    const found: [string, readonly string[]][] = [];
    for (const path of PAGES) {
      await browser.visit(path);
      expect([path, await browser.said()]).toEqual([path, expect.stringMatching(/\w/)]);
      const alerts = await browser.page.getByRole('alert').allInnerTexts();
      if (alerts.length > 0) found.push([path, alerts]);
    }
    return Object.fromEntries(found);
  }

  it('show themselves with every service but Postgres away, and say of what is another’s that it cannot be asked', async () => {
    for (const server of services.values()) server.close();
    expect(await reasons()).toEqual({
      '/simulator': ['the simulator does not answer'],
    });
    for (const server of services.values()) server.closeAllConnections();
  });

  it('say in words that Postgres is away, none is blank, and they show themselves again when it is back', async () => {
    const { page } = browser;
    await browser.visit('/');
    proxy.cut();
    const needed = page.getByRole('list', { name: 'What needs you' });
    await needed.getByText(/^Postgres does not answer/).waitFor();
    const without = await reasons();
    for (const path of ['/log', '/audit/traders', '/projections'])
      expect([path, without[path]]).toEqual([path, [expect.stringMatching(/Postgres could not be asked/)]]);
    await browser.visit('/log');
    expect(await browser.said()).not.toMatch(/Nothing that was recorded/);
    proxy.speak();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await browser.visit('/');
    await needed.getByText(/^Postgres does not answer/).waitFor({ state: 'detached' });
  });
});
