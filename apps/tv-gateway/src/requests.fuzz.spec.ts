import { anEvent } from '@core/contracts/examples.fixture';
import { fuzz } from '@core/testing/fuzz';
import { GatewayHarness } from './gateway-harness.fixture.ts';
import { ada, adasAccount, bob, bobsAccount } from './memory-ports.fixture.ts';

const order = { instrument: 'EURUSD', currentAsk: '1.1002', currentBid: '1.1', side: 'buy', type: 'limit' };
const examples = [
  { url: `/accounts/${adasAccount.id}/orders`, form: { ...order, qty: '10000', limitPrice: '1.09', stopLoss: '1.08' } },
  { url: `/accounts/${adasAccount.id}/positions/x`, form: { stopLoss: '1.08' } },
  { method: 'DELETE', url: `/accounts/${adasAccount.id}/netPositions/EURUSD`, form: {} },
  { method: 'PUT', url: `/accounts/${adasAccount.id}/individualPositions/x`, form: { takeProfit: '1.12' } },
  {
    url: `/accounts/${adasAccount.id}/setLeverage`,
    form: { instrument: 'EURUSD', side: 'buy', orderType: 'market', leverage: '100' },
  },
  { url: '/authorize', form: { login: 'nobody', password: 'x', locale: 'en' } },
].map((example) => JSON.stringify(example));

const METHODS = ['POST', 'PUT', 'DELETE'] as const;

const read = (text: string): { method?: unknown; url?: unknown; form?: unknown } => {
  try {
    return Object(JSON.parse(text));
  } catch {
    return { url: text, form: text };
  }
};

/** Texts as they are, and something wrong for all else. */
const formOf = (fields: object): string =>
  new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : '1']),
  ).toString();

it('whatever a trader asks is answered in the envelope, and others go on', async () => {
  const gateway = await GatewayHarness.start();
  await gateway.ports.ledger.record(
    anEvent('AccountRegistered', { traderId: ada, venue: 'demo' }, { subject: adasAccount.id }),
    anEvent('AccountRegistered', { traderId: bob, venue: 'demo' }, { subject: bobsAccount.id }),
  );
  const [token, others] = [await gateway.login('ada'), await gateway.login('bob')];
  await fuzz({
    name: 'tv-gateway',
    examples,
    take: async (input) => {
      const { method: wanted, url, form } = read(Buffer.from(input).toString());
      const payload = typeof form === 'string' ? form : formOf(Object(form));
      const response = await gateway.raw({
        method: METHODS.find((method) => method === wanted) ?? 'POST',
        url: `/${encodeURI(typeof url === 'string' ? url.slice(0, 4_000).toWellFormed() : 'accounts').replace(/^\/+/, '')}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
        payload,
      });
      expect(response.statusCode).toBeLessThan(500);
      if (response.statusCode === 200) expect(['ok', 'error']).toContain(response.json<{ s: string }>().s);
    },
    others: () => gateway.success('GET /accounts', { token: others }),
  });
  await gateway.stop();
});

it('whatever is asked of the data is answered in the envelope, and others go on', async () => {
  const gateway = await GatewayHarness.start({ DATA_VENUE: 'demo', DATA_TOKEN: 'the-token' });
  const ask = (url: string) => gateway.raw({ url, headers: { authorization: 'Bearer the-token' } });
  const asked = {
    symbol: 'EURUSD',
    resolution: '1',
    from: '1767600000',
    to: '1767610000',
    countback: '5',
    group: 'acme_x',
  };
  await fuzz({
    name: 'tv-gateway, data',
    examples: ['history', 'symbol_info'].map((path) => JSON.stringify({ url: path, form: asked })),
    share: 0.25,
    take: async (input) => {
      const { url, form } = read(Buffer.from(input).toString());
      const path = url === 'symbol_info' ? url : 'history';
      const query = typeof form === 'string' ? encodeURI(form.toWellFormed()) : formOf(Object(form));
      const response = await ask(`/${path}?${query.slice(0, 4_000)}`);
      expect(response.statusCode).toBe(200);
      expect(['ok', 'error']).toContain(response.json<{ s: string }>().s);
    },
    others: () => gateway.success('GET /symbol_info', { token: 'the-token' }),
  });
  await gateway.stop();
});
