import { anEvent } from '@core/contracts/examples.fixture';
import { Failure } from '@core/tradingview/wire/envelope';
import { routes, type Route } from '@core/tradingview/wire/routes';
import type { InjectOptions } from 'light-my-request';
import { GatewayHarness, type Request } from './gateway-harness.fixture.ts';
import { adasAccount, bobsAccount, PASSWORD } from './memory-ports.fixture.ts';

const TRADINGVIEW = 'https://www.tradingview.com';
const open: readonly Route[] = ['POST /authorize', 'GET /mapping'];
const guarded = (Object.keys(routes) as Route[]).filter((route) => !open.includes(route));
const anywhere = {
  ...{ accountId: adasAccount.id, orderId: 'x' },
  ...{ positionId: 'x', netPositionId: 'x', individualPositionId: 'x' },
};
const order = {
  ...{ instrument: 'EURUSD', side: 'buy', type: 'market', qty: '10000' },
  ...{ currentAsk: '1.1', currentBid: '1.1' },
};
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const NOW_MS = Date.UTC(2026, 0, 5, 10);

let gateway: GatewayHarness;
let token: string;

async function begin(environment: Record<string, string> = {}): Promise<void> {
  gateway = await GatewayHarness.start(environment);
  token = await gateway.login('ada');
  const subject = { subject: adasAccount.id };
  await gateway.ports.ledger.record(anEvent('AccountRegistered', {}, subject), anEvent('AccountUpdated', {}, subject));
}

const mine = (more: Request = {}): Request => ({ token, ...more, params: { ...anywhere, ...more.params } });
const place = (form: Record<string, string>): Promise<string> =>
  gateway.failure('POST /accounts/{accountId}/orders', mine({ form: { ...order, ...form } }));

describe('who is not logged in', () => {
  beforeAll(() => begin());
  afterAll(() => gateway.stop());

  it.each(guarded)('is told so by %s, where a browser can read it', async (route) => {
    for (const bearer of [undefined, 'a', 'x'.repeat(43), `${token}x`]) {
      const headers = { origin: TRADINGVIEW };
      const response = await gateway.call(route, { params: anywhere, headers, ...(bearer && { token: bearer }) });
      expect(response.statusCode).toBe(401);
      expect(response.headers).toMatchObject({ 'access-control-allow-origin': TRADINGVIEW, vary: 'Origin' });
    }
  });

  it('hears of it before anything else at an address of the document, by whatever method', async () => {
    for (const [method, url] of [
      ['POST', `/accounts/${adasAccount.id}/positions`],
      ['DELETE', `/accounts/${adasAccount.id}/orders`],
      ['PUT', '/config?locale=en'],
      ['POST', '/accounts'],
      ['POST', '/quotes'],
      ['POST', '/history'],
      ['DELETE', '/streaming'],
      ['PATCH', `/%61ccounts/${adasAccount.id}/positions`],
      ['HEAD', '/config'],
      ['HEAD', '/streaming'],
    ] as const)
      expect([url, (await gateway.raw({ method, url })).statusCode]).toEqual([url, 401]);
    for (const url of ['/authorize', '/nowhere', '/accounts/a/b/c'])
      expect([url, (await gateway.raw({ method: 'DELETE', url })).statusCode]).toEqual([url, 200]);
  });

  it('and who is find no method beside those of the document, HEAD neither', async () => {
    const said = async (method: 'HEAD' | 'PATCH', url: string): Promise<object> => {
      const answer = await gateway.raw({ method, url, headers: { authorization: `Bearer ${token}` } });
      return { ...answer.headers, date: null, status: answer.statusCode };
    };
    for (const url of ['/config', `/accounts/${adasAccount.id}/orders`, `/accounts/${adasAccount.id}/stream/state`])
      expect([url, await said('HEAD', url)]).toEqual([url, await said('PATCH', url)]);
  });

  it.each<[string, Partial<InjectOptions>]>([
    ['is JSON', { payload: '{"qty":1}', headers: { 'content-type': 'application/json' } }],
    ['is of no type', { payload: 'x', headers: { 'content-type': 'what' } }],
    ['is too large', { payload: `qty=${'1'.repeat(20_000)}`, headers: FORM }],
    ['says another length', { payload: 'qty=1', headers: { ...FORM, 'content-length': '3' } }],
  ])('hears of it before anything of a body that %s', async (_, body) => {
    for (const [method, url] of [
      ['POST', `/accounts/${adasAccount.id}/orders`],
      ['DELETE', `/accounts/${adasAccount.id}/positions/x`],
      ['POST', '/logout'],
    ] as const)
      expect([url, (await gateway.raw({ ...body, method, url })).statusCode]).toEqual([url, 401]);
  });

  it('is whoever has logged out or whose login has ended', async () => {
    await gateway.success('POST /logout', { token });
    expect((await gateway.call('GET /config', { token })).statusCode).toBe(401);
    token = await gateway.login('ada');
    const { tokens } = gateway.ports;
    const find = tokens.find.bind(tokens);
    const looking = jest.spyOn(tokens, 'find').mockImplementationOnce(async (hashes) => {
      const stored = await find(hashes);
      await gateway.success('POST /logout', { token });
      return stored;
    });
    await gateway.call('GET /config', { token });
    looking.mockRestore();
    expect((await gateway.call('GET /config', { token })).statusCode).toBe(401);
    token = await gateway.login('ada');
    for (const stored of gateway.ports.tokens.tokens.values()) stored.expiresAt.setTime(0);
    expect((await gateway.call('GET /config', { token })).statusCode).toBe(401);
  });
});

describe('logging in', () => {
  beforeAll(() => void jest.spyOn(Date, 'now').mockReturnValue(NOW_MS));
  afterAll(() => jest.restoreAllMocks());
  afterEach(() => gateway.stop());

  it('gives a new token each time, and they all work', async () => {
    await begin();
    const tokens = new Set<string>();
    for (let n = 0; n < 10; n += 1) {
      const { d } = await gateway.success('POST /authorize', { form: { login: 'ada', password: PASSWORD } });
      expect(d.expiration).toBeGreaterThan(NOW_MS / 1000);
      tokens.add(d.access_token);
    }
    expect(tokens.size).toBe(10);
    for (const each of tokens) await gateway.success('GET /config', { token: each });
    expect(JSON.stringify([...gateway.ports.tokens.tokens])).not.toContain([...tokens][0]);
  });

  it('fails the same for a wrong password and for nobody', async () => {
    await begin();
    const fail = (login: string, password: string) => gateway.failure('POST /authorize', { form: { login, password } });
    const wrong = await fail('ada', 'guess');
    expect(await fail("' or 1=1 --", 'guess')).toBe(wrong);
    expect(await fail('__proto__', 'guess')).toBe(wrong);
  });

  it('is not tried for ever, and others are not locked out', async () => {
    await begin({ LOGIN_FAILURES_MAX: '3' });
    const attempt = (login: string, password: string) =>
      gateway.call('POST /authorize', { form: { login, password } }).then((response) => response.json<{ s: string }>());
    for (let n = 0; n < 3; n += 1) await attempt('ada', 'guess');
    const checks = gateway.ports.traders.checks;
    expect(await attempt('ada', PASSWORD)).toMatchObject({ s: 'error', errmsg: expect.stringContaining('Too many') });
    expect(gateway.ports.traders.checks).toBe(checks);
    expect(await attempt('bob', PASSWORD)).toMatchObject({ s: 'ok' });
  });

  it('costs no more guesses at once than one after the other, and a right password among many is let in', async () => {
    await begin({ LOGIN_FAILURES_MAX: '3', LOGIN_FAILURES_PER_ADDRESS_MAX: '3', LOGIN_CONCURRENCY_MAX: '60' });
    let [known, everybodyIsKnown] = [0, (): void => undefined];
    const all = new Promise<void>((resolve) => (everybodyIsKnown = resolve));
    const oneMore = () => void ((known += 1) === 60 && everybodyIsKnown());
    const attempt = (login: string, password: string) =>
      gateway.call('POST /authorize', { form: { login, password } }).then((response) => response.json<{ s: string }>());
    // Nobody hears a verdict before all have been let in to the check or turned away.
    const checking = jest.spyOn(gateway.ports.traders, 'verify').mockImplementation(async () => {
      oneMore();
      await all;
      return null;
    });
    await Promise.all(Array.from({ length: 60 }, async (_, n) => (await attempt('ada', `guess-${n}`), oneMore())));
    expect(checking).toHaveBeenCalledTimes(3);
    checking.mockRestore();
    expect(await attempt('bob', PASSWORD)).toMatchObject({ s: 'ok' });
    const bobs = await Promise.all(Array.from({ length: 20 }, () => attempt('bob', PASSWORD)));
    expect(new Set(bobs.map(({ s }) => s))).toEqual(new Set(['ok']));
  });

  it.each([
    ['no login', { password: 'x' }],
    ['no password', { login: 'ada' }],
    ['an endless password', { login: 'ada', password: 'x'.repeat(257) }],
  ])('with %s costs no password check', async (_, form: Record<string, string>) => {
    await begin();
    const checks = gateway.ports.traders.checks;
    await gateway.failure('POST /authorize', { form });
    expect(gateway.ports.traders.checks).toBe(checks);
  });
});

describe("another trader's account", () => {
  afterEach(() => gateway.stop());

  it('is as unknown as one that does not exist', async () => {
    await begin();
    const ids = [
      bobsAccount.id,
      '00000000-0000-4000-8000-00000000dead',
      '',
      '__proto__',
      "1' or '1'='1",
      '%00',
      '../x',
    ];
    for (const route of guarded) {
      if (!route.includes('{accountId}') && !route.endsWith('/quotes') && !route.endsWith('/depth')) continue;
      for (const accountId of ids) {
        const params = { ...anywhere, accountId };
        const query = { accountId, symbols: 'EURUSD', symbol: 'EURUSD', instrument: 'EURUSD' };
        const text = await gateway.failure(route, mine({ params, query, form: order }));
        expect(['Unknown account.', 'There is nothing at this address.']).toContain(text);
        if (accountId === bobsAccount.id) expect(text).toBe('Unknown account.');
      }
    }
    expect(gateway.ports.ledger.commands).toEqual([]);
  });
});

describe('bad input', () => {
  beforeAll(() => begin());
  afterAll(() => gateway.stop());

  it.each(['-1', '0', 'NaN', 'Infinity', '1e999', '1e400', '0x10', '', ' ', '1;2', "1' or 1=1", '９', '1'.repeat(65)])(
    'is no quantity: %p',
    async (qty) => {
      expect(await place({ qty })).toMatch(/^(Quantity|The quantity) .+\.$/);
      expect(gateway.ports.ledger.commands).toEqual([]);
    },
  );

  it.each([
    [{ side: 'hold' }, 'Side must be one of: buy, sell.'],
    [{ type: 'stoplimit' }, 'Only market, limit and stop orders are supported.'],
    [{ instrument: 'x'.repeat(65) }, 'Instrument must have 1 to 64 characters.'],
    [{ instrument: '<script>alert(1)</script>' }, 'Unknown instrument.'],
    [{ instrument: '__proto__' }, 'Unknown instrument.'],
    [{ stopLoss: '-1' }, 'Stop loss must be a positive number.'],
    [{ currentAsk: '' }, 'Current ask must have 1 to 64 characters.'],
  ])('%j is answered %p', async (form, text) => {
    expect(await place(form)).toBe(text);
  });

  it('leaves out fields nobody knows, whatever their names', async () => {
    const form = { ...order, __proto__: 'x', constructor: 'x', 'custom field': 'true', digitalSignature: 'x' };
    await gateway.success('POST /accounts/{accountId}/orders', mine({ form, query: { custom: 'x', locale: '' } }));
  });

  it('is a request id without end, and a field given twice', async () => {
    const query = { requestId: 'x'.repeat(129) };
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form: order, query }))).toBe(
      'requestId is too long.',
    );
    expect(await sent({ payload: `${new URLSearchParams(order).toString()}&qty=2` })).toContain('Quantity');
  });

  it.each<[string, Partial<InjectOptions>, string]>([
    ['too large', { payload: `qty=${'1'.repeat(20_000)}` }, 'The request is too large.'],
    ['JSON', { payload: '{"qty":1}', headers: { 'content-type': 'application/json' } }, 'form-urlencoded'],
    ['XML', { payload: '<qty/>', headers: { 'content-type': 'text/xml' } }, 'form-urlencoded'],
    ['empty', { payload: '' }, 'must be given once'],
    ['bytes', { payload: Buffer.from([0xff, 0xfe, 0x00]) }, 'must be given once'],
    ['percent signs', { payload: '%%%=%zz&qty=%' }, 'must be given once'],
  ])('of a body that is %s is answered in the envelope', async (_, options, text) => {
    expect(await sent(options)).toContain(text);
  });

  it.each(['/', '/nope', '/accounts', '/accounts//orders', `/${'x'.repeat(3_000)}`, '/%zz', '/accounts/%2e%2e/config'])(
    'at %p is answered in the envelope',
    async (url) => {
      const response = await gateway.raw({
        method: 'PATCH',
        url,
        headers: { authorization: `Bearer ${token}`, origin: TRADINGVIEW },
      });
      expect(response.statusCode).toBe(200);
      expect(Failure.parse(response.json()).errmsg).toBe('There is nothing at this address.');
    },
  );

  it.each(['0', '-1', '1.5', 'all', '1e9999'])('is no number of rows: %p', async (maxCount) => {
    const query = { maxCount, instrument: 'EURUSD' };
    expect(await gateway.failure('GET /accounts/{accountId}/ordersHistory', mine({ query }))).toMatch(/^maxCount/);
    expect(await gateway.failure('GET /accounts/{accountId}/executions', mine({ query }))).toMatch(/^maxCount/);
  });

  it('finds no order and no position under a name of anything else', async () => {
    for (const id of ['__proto__', 'constructor', 'toString', "'; drop table event; --", 'x'.repeat(150), '%2F..%2F']) {
      const params = { orderId: id, positionId: id, individualPositionId: id, netPositionId: id };
      const form = { qty: '10000', limitPrice: '1' };
      const put = (route: Route) => gateway.failure(route, mine({ params, form }));
      expect(await put('PUT /accounts/{accountId}/orders/{orderId}')).toBe('Unknown order.');
      expect(await put('DELETE /accounts/{accountId}/orders/{orderId}')).toBe('Unknown order.');
      expect(await put('PUT /accounts/{accountId}/positions/{positionId}')).toBe('Unknown position.');
      expect(await put('DELETE /accounts/{accountId}/positions/{positionId}')).toBe('Unknown position.');
      const individual = '/accounts/{accountId}/individualPositions/{individualPositionId}';
      expect(await put(`PUT ${individual}`)).toBe('Unknown position.');
      expect(await put(`DELETE ${individual}`)).toBe('Unknown position.');
      expect(await put('DELETE /accounts/{accountId}/netPositions/{netPositionId}')).toBe('Unknown position.');
    }
  });

  it('is not too many symbols at once', async () => {
    const symbols = Array.from({ length: 501 }, (_, n) => `S${n}`).join(',');
    const query = { accountId: adasAccount.id, symbols };
    expect(await gateway.failure('GET /quotes', { token, query })).toContain('500');
  });

  const sent = async (options: Partial<InjectOptions>): Promise<string> => {
    const response = await gateway.raw({
      method: 'POST',
      url: `/accounts/${adasAccount.id}/orders?locale=en`,
      ...options,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Bearer ${token}`,
        ...options.headers,
      },
    });
    expect(response.statusCode).toBe(200);
    return Failure.parse(response.json()).errmsg;
  };
});

describe('browsers', () => {
  beforeAll(() => begin());
  afterAll(() => gateway.stop());

  const preflight = (origin: string, method: string) =>
    gateway.raw({
      method: 'OPTIONS',
      url: `/accounts/${adasAccount.id}/orders/x?locale=en`,
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
    });

  it.each([TRADINGVIEW, 'https://de.tradingview.com', 'https://beta-rest.xstaging.tv', 'http://localhost:6285'])(
    'may call from %s',
    async (origin) => {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const { statusCode, headers } = await preflight(origin, method);
        expect(statusCode).toBe(204);
        expect(headers).toMatchObject({
          'access-control-allow-origin': origin,
          vary: expect.stringContaining('Origin'),
        });
        expect(headers['access-control-allow-methods']).toContain(method);
        expect(headers['access-control-allow-headers']).toContain('Authorization');
        expect(Number(headers['access-control-max-age'])).toBeGreaterThan(5);
      }
    },
  );

  it.each([
    'https://example.com',
    'https://tradingview.com.example.com',
    'https://eviltradingview.com',
    'http://www.tradingview.com',
    'https://www.tradingview.com:8443',
    'null',
  ])('may not call from %s', async (origin) => {
    expect((await preflight(origin, 'GET')).headers).not.toHaveProperty('access-control-allow-origin');
    const { headers } = await gateway.call('GET /config', { token, headers: { origin } });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('read errors too', async () => {
    const headers = { origin: TRADINGVIEW };
    const failed = await gateway.call('GET /accounts/{accountId}/state', mine({ headers }));
    expect(failed.json()).toMatchObject({ s: 'error' });
    expect(failed.headers['access-control-allow-origin']).toBe(TRADINGVIEW);
    const nowhere = await gateway.raw({ method: 'GET', url: '/nope', headers });
    expect(nowhere.headers['access-control-allow-origin']).toBe(TRADINGVIEW);
  });
});

describe('when something is away', () => {
  beforeEach(() => begin());
  afterEach(() => gateway.stop());

  it('a broker that has not told the balance is not a balance of zero', async () => {
    expect(await gateway.failure('GET /accounts/{accountId}/state', mine())).toContain('broker');
  });

  it('a broken store is a failure to the user and no reason to log in again', async () => {
    gateway.ports.tokens.find = () => Promise.reject(new Error('connection refused: password=hunter2'));
    const text = await gateway.failure('GET /config', { token });
    expect(text).toContain('went wrong on our side');
    expect(text).not.toContain('hunter2');
  });

  it('a ledger that is away leaves the outcome open', async () => {
    gateway.ports.ledger.mood = 'gone';
    expect(await place({})).toContain('not known yet');
  });
});
