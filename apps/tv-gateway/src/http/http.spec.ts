import { loadConfig } from '@core/service/load-config';
import { Failure } from '@core/tradingview/wire/envelope';
import { GatewayHarness } from '../gateway-harness.fixture.ts';
import { gatewayConfig } from '../config.ts';
import { gatewayHttp } from './http.ts';
import { adasAccount, PASSWORD } from '../memory-ports.fixture.ts';

it.each([
  ['0', '192.0.2.1'],
  ['1', '198.51.100.7'],
  ['2', '203.0.113.9'],
])('behind %s proxies failed logins count for %s', async (trusted, address) => {
  const required = { DATABASE_URL: 'postgres://nowhere/none', NATS_URL: 'nats://nowhere' };
  const { http } = loadConfig(gatewayConfig, { ...required, TRUSTED_PROXIES: trusted });
  const fastify = gatewayHttp(http).adapter.getInstance();
  fastify.get('/', ({ ip }) => ip);
  const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
  expect((await fastify.inject({ url: '/', headers, remoteAddress: '192.0.2.1' })).body).toBe(address);
  await fastify.close();
});

const TRADINGVIEW = 'https://www.tradingview.com';

let gateway: GatewayHarness;
beforeAll(async () => {
  gateway = await GatewayHarness.start();
});
afterAll(() => gateway.stop());

describe('text with a NUL in it', () => {
  it('is refused as a login, and costs no password check', async () => {
    for (const form of [
      { login: 'ada\0', password: PASSWORD },
      { login: 'ada', password: `${PASSWORD}\0` },
    ]) {
      expect(await gateway.failure('POST /authorize', { form })).toMatch(/ must be plain text\.$/);
    }
    expect(gateway.ports.traders.checks).toBe(0);
  });

  it('is refused as an instrument, before it is looked for', async () => {
    const request = { token: await gateway.login('ada'), params: { accountId: adasAccount.id } };
    const query = { instrument: 'EURUSD\0' };
    const text = await gateway.failure('GET /accounts/{accountId}/executions', { ...request, query });
    expect(text).toBe('Instrument must be plain text.');
  });
});

describe('an address that cannot be read', () => {
  it.each(['/accounts/%zz/state', `/accounts/${'x'.repeat(201)}/state`])(
    'is answered where a browser can read it: %p',
    async (url) => {
      const authorization = `Bearer ${await gateway.login('ada')}`;
      for (const [status, text, headers] of [
        [200, 'There is nothing at this address.', { origin: TRADINGVIEW, authorization }],
        [401, 'Please log in again.', { origin: TRADINGVIEW }],
      ] as const) {
        const response = await gateway.raw({ method: 'GET', url, headers });
        expect(response.statusCode).toBe(status);
        expect(Failure.parse(response.json()).errmsg).toBe(text);
        expect(response.headers).toMatchObject({ 'access-control-allow-origin': TRADINGVIEW, vary: 'Origin' });
      }
      const elsewhere = await gateway.raw({ method: 'GET', url, headers: { origin: 'https://example.com' } });
      expect(elsewhere.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});
