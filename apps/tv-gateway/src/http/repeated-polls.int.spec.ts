import { anEvent } from '@core/contracts/examples.fixture';
import type { Event } from '@core/contracts/event';
import { Registry } from 'prom-client';
import { SessionGuard } from '../api/session.guard.ts';
import { GatewayHarness } from '../gateway-harness.fixture.ts';
import { ada, adasAccount, aQuote } from '../memory-ports.fixture.ts';
import { SHOWN_NAMES } from '../views/account-view.ts';

type Headers = Readonly<Record<string, string>>;
interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const POLLED = [
  '/config?locale=de',
  `/quotes?accountId=${adasAccount.id}&symbols=EURUSD,USDJPY`,
  ...SHOWN_NAMES.map((name) => `/accounts/${adasAccount.id}/${name}?locale=de`),
];
const an = (...[type, data]: Parameters<typeof anEvent>): Event => anEvent(type, data, { subject: adasAccount.id });

let gateway: GatewayHarness;
let url: string;
let token: string;
/** How often a request went the whole way. */
let whole: jest.SpyInstance;

beforeEach(async () => {
  gateway = await GatewayHarness.start({ AUTH_CACHE_MS: '60000' });
  const told = [an('AccountRegistered'), an('AccountUpdated'), an('BalanceChanged', { balance: '10000' })];
  await gateway.ports.ledger.record(...told, an('EquityMarked'), an('PositionOpened'));
  token = await gateway.login('ada');
  await gateway.app.listen(0, '127.0.0.1');
  url = (await gateway.app.getUrl()).replace('[::1]', '127.0.0.1');
  whole = jest.spyOn(SessionGuard.prototype, 'identify');
});
afterEach(() => {
  whole.mockRestore();
  return gateway.stop();
});

/** Headers of the connection, and of the second in which it was answered, are left out. */
const heard = (status: number, headers: Iterable<readonly [string, unknown]>, body: string): Heard => {
  const said = [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
  return { status, headers: Object.fromEntries(said.map(([name, value]) => [name, String(value)])), body };
};
const logged = (more: Headers = {}): Headers => ({ authorization: `Bearer ${token}`, ...more });

/** Over a socket, as browsers ask. */
async function ask(path: string, headers = logged()): Promise<Heard> {
  const answer = await fetch(`${url}${path}`, { headers });
  return heard(answer.status, answer.headers, await answer.text());
}

/** Past everything that may be in front of the framework. */
async function askWhole(path: string, headers = logged()): Promise<Heard> {
  const answer = await gateway.raw({ method: 'GET', url: path, headers });
  return heard(answer.statusCode, Object.entries(answer.headers), answer.body);
}

it('what is repeated is answered in front of the framework as behind it', async () => {
  for (const path of POLLED) {
    whole.mockClear();
    const first = await ask(path);
    expect(first.status).toBe(200);
    expect(whole).toHaveBeenCalledTimes(1);
    const tag = first.headers['etag'] ?? '';
    const variants: Headers[] = [
      {},
      { origin: 'https://www.tradingview.com' },
      { origin: 'https://example.com' },
      { 'if-none-match': tag },
      { 'if-none-match': `"x", W/${tag}`, origin: 'https://www.tradingview.com' },
      { 'if-none-match': '"x"' },
    ];
    for (const more of variants) {
      const before = whole.mock.calls.length;
      const repeated = await ask(path, logged(more));
      expect(whole).toHaveBeenCalledTimes(before);
      expect(repeated).toEqual(await askWhole(path, logged(more)));
    }
  }
});

it('what has changed is told at once', async () => {
  const [state, quotes] = [`/accounts/${adasAccount.id}/state`, POLLED[1] ?? ''];
  for (const path of [state, quotes]) await ask(path);
  await gateway.ports.ledger.record(an('BalanceChanged', { balance: '9000' }));
  gateway.market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.2', '1.2002')] });
  for (const path of [state, quotes]) expect(await ask(path)).toEqual(await askWhole(path));
  expect((await ask(state)).body).toContain('"balance":9000');
  expect((await ask(quotes)).body).toContain('"bid":1.2');
});

it('nothing is repeated to who is logged out, nor to anybody else', async () => {
  const bob = `Bearer ${await gateway.login('bob')}`;
  for (const path of POLLED) {
    await ask(path);
    for (const authorization of [undefined, '', 'Bearer', 'Bearer x', `Basic ${token}`, `Bearer ${token}x`])
      expect((await ask(path, authorization === undefined ? {} : { authorization })).status).toBe(401);
    const bobs = await ask(path, { authorization: bob });
    if (path.includes(adasAccount.id)) expect(bobs.body).toContain('"s":"error"');
  }
  await gateway.success('POST /logout', { token });
  for (const path of POLLED) expect((await ask(path)).status).toBe(401);
});

it('an account that was taken away is not shown any more', async () => {
  const path = `/accounts/${adasAccount.id}/orders`;
  await ask(path);
  gateway.ports.traders.accounts.set(ada, []);
  gateway.registryChanged();
  expect(JSON.parse((await ask(path)).body)).toEqual({ s: 'error', errmsg: 'Unknown account.' });
});

it('it counts as every other request', async () => {
  const route = '/accounts/:accountId/orders';
  for (let n = 0; n < 3; n += 1) await ask(`/accounts/${adasAccount.id}/orders`);
  const told = await gateway.app.get(Registry).getSingleMetric('tv_http_request_seconds')?.get();
  const counted = told?.values.filter(({ labels }) => 'route' in labels && labels.route === route);
  expect(counted).toContainEqual(
    expect.objectContaining({
      ...{ value: 3, metricName: 'tv_http_request_seconds_count' },
      labels: { method: 'GET', route, status: '200', outcome: 'ok' },
    }),
  );
});
