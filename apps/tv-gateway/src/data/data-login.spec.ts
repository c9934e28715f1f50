import { hashOf } from '@core/registry/tokens';
import { Failure } from '@core/tradingview/wire/envelope';
import { SignJWT } from 'jose';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { GatewayHarness } from '../gateway-harness.fixture.ts';
import { PASSWORD } from '../memory-ports.fixture.ts';

const TRADINGVIEW = 'https://www.tradingview.com';
const DATA = [
  '/groups',
  '/symbol_info?group=x',
  '/history',
  '/history?symbol=EURUSD&resolution=1&from=0&to=1',
  '/streaming',
];
const NOW_MS = Date.UTC(2026, 0, 5, 10);
const TOKEN_URL = 'https://data.example/data/token';

let gateway: GatewayHarness;
beforeAll(() => void jest.spyOn(Date, 'now').mockReturnValue(NOW_MS));
afterAll(() => jest.restoreAllMocks());
afterEach(() => gateway.stop());

async function begin(settings: Record<string, string>): Promise<void> {
  gateway = await GatewayHarness.start({ DATA_VENUE: 'demo', ...settings });
}

const register = (id: string, secret: string, certificates: string[] = []): void =>
  void gateway.ports.data.clients.set(id, { id, secretHash: hashOf(secret), certificates, revoked: false });
const bearing = (token: string) => ({ authorization: `Bearer ${token}` });
const status = async (token: string): Promise<number> =>
  (await gateway.raw({ method: 'GET', url: '/groups', headers: bearing(token) })).statusCode;

describe('whoever may not read the data', () => {
  it.each(DATA)('is told so by %s before anything else is looked at', async (url) => {
    await begin({ DATA_TOKEN: 'the-token' });
    const ofTrader = await gateway.login('ada');
    for (const headers of [
      {},
      bearing('a'),
      bearing('the-token-'),
      bearing(ofTrader),
      { authorization: 'the-token' },
    ]) {
      const response = await gateway.raw({ method: 'GET', url, headers: { origin: TRADINGVIEW, ...headers } });
      expect(response.statusCode).toBe(401);
      expect(response.headers).toMatchObject({ 'access-control-allow-origin': TRADINGVIEW, vary: 'Origin' });
      Failure.parse(response.json());
    }
  });

  it('may everywhere that it is for everyone', async () => {
    await begin({ DATA_AUTH: 'none' });
    expect((await gateway.raw({ method: 'GET', url: '/groups' })).statusCode).toBe(200);
  });

  it('hears that there is nothing where no venue is told', async () => {
    gateway = await GatewayHarness.start({ DATA_TOKEN: 'the-token' });
    for (const route of ['GET /symbol_info', 'GET /groups'] as const)
      expect(await gateway.failure(route, { token: 'the-token' })).toBe('There is nothing at this address.');
  });
});

describe('a login with a password', () => {
  beforeEach(async () => {
    await begin({});
    register('staging', 'secret');
  });

  it('that failed too often is looked up no more, as a trader’s is not', async () => {
    const asked = jest.spyOn(gateway.ports.data.registry, 'verifyClient');
    const tell = (password: string) => gateway.call('POST /authorize', { form: { login: 'staging', password } });
    for (let n = 0; n < 8; n += 1) await tell('guessed');
    expect((await tell('secret')).body).toContain('Too many failed attempts');
    expect(asked).toHaveBeenCalledTimes(5);
  });

  it('gives a new token each time, and they all read, apart from who trades', async () => {
    const [tokens, ends] = [new Set<string>(), new Set<number>()];
    for (let n = 0; n < 10; n += 1) {
      const { d } = await gateway.success('POST /authorize', { form: { login: 'staging', password: 'secret' } });
      expect(d.expiration).toBeGreaterThan(NOW_MS / 1000);
      tokens.add(d.access_token);
      ends.add(d.expiration);
    }
    expect(tokens.size).toBe(10);
    expect(ends.size).toBeGreaterThan(1); // not all of them come back at once
    for (const token of tokens) {
      expect(await status(token)).toBe(200);
      expect((await gateway.call('GET /config', { token })).statusCode).toBe(401);
    }
    expect(JSON.stringify([...gateway.ports.data.tokens])).not.toContain([...tokens][0]);
    expect(await status(await gateway.login('ada'))).toBe(401);
  });

  it('fails as any other, and ends with its client', async () => {
    const wrong = await gateway.failure('POST /authorize', { form: { login: 'staging', password: 'secre' } });
    expect(wrong).toBe('Login or password is wrong.');
    const { d } = await gateway.success('POST /authorize', { form: { login: 'staging', password: 'secret' } });
    gateway.ports.data.clients.clear();
    expect(await status(d.access_token)).toBe(401);
  });

  it('has no token that outlives its time', async () => {
    const { d } = await gateway.success('POST /authorize', { form: { login: 'staging', password: 'secret' } });
    for (const stored of gateway.ports.data.tokens.values()) stored.expiresAt.setTime(0);
    expect(await status(d.access_token)).toBe(401);
  });

  it('is none where assertions are asked for', async () => {
    await gateway.stop();
    await begin({ DATA_AUTH: 'certificate', DATA_TOKEN_URL: TOKEN_URL });
    register('staging', 'secret');
    await gateway.failure('POST /authorize', { form: { login: 'staging', password: 'secret' } });
  });
});

describe('an assertion', () => {
  const made = async (days = 1) => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'tradingview' }], {
      keyType: 'rsa',
      keySize: 2_048,
      algorithm: 'sha256',
      notBeforeDate: new Date(NOW_MS - 2 * 86_400_000),
      notAfterDate: new Date(NOW_MS + days * 86_400_000),
    });
    const hex = new X509Certificate(cert).fingerprint.replaceAll(':', '');
    return { cert, key: createPrivateKey(key), hex, base64url: Buffer.from(hex, 'hex').toString('base64url') };
  };
  type Made = Awaited<ReturnType<typeof made>>;
  let ours: Made;
  let theirs: Made;
  let old: Made;

  beforeAll(async () => {
    [ours, theirs, old] = await Promise.all([made(), made(), made(-1)]);
  });
  beforeEach(async () => {
    await begin({ DATA_AUTH: 'certificate', DATA_TOKEN_URL: TOKEN_URL });
    register('tv', 'secret', [ours.cert, old.cert]);
  });

  const claims = { iss: 'tv', sub: 'user', aud: TOKEN_URL, spurl: 'https://app.example', exp: NOW_MS / 1000 + 60 };
  const signed = (key: Made['key'], x5t: string | undefined, change: object = {}): Promise<string> => {
    const body = Object.fromEntries(Object.entries({ ...claims, ...change }).filter(([, value]) => value !== null));
    return new SignJWT(body).setProtectedHeader({ alg: 'RS256', ...(x5t && { x5t }) }).sign(key);
  };
  const ask = (assertion: string, change: object = {}) =>
    gateway.raw({
      method: 'POST',
      url: '/data/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({
        ...{ grant_type: 'urn:tradingview:grant', client_id: 'tv', client_secret: 'secret', assertion },
        ...change,
      }).toString(),
    });

  it.each(['hex', 'base64url'] as const)('whose thumbprint is %s gives a token that reads', async (form) => {
    const response = await ask(await signed(ours.key, ours[form]));
    expect(response.statusCode).toBe(200);
    const answer = response.json<Record<string, unknown>>();
    expect(answer).toMatchObject({ s: 'ok', token_type: 'Bearer' });
    expect(answer['expiration']).toBeGreaterThan(NOW_MS / 1000);
    expect(Number.isInteger(answer['expires_in'])).toBe(true);
    expect(await status(String(answer['access_token']))).toBe(200);
  });

  it.each<[string, () => Promise<string>, object?]>([
    ['signed by another key', () => signed(theirs.key, ours.hex)],
    ['of a certificate that is not registered', () => signed(theirs.key, theirs.hex)],
    ['of a certificate that has ended', () => signed(old.key, old.hex)],
    ['without a thumbprint', () => signed(ours.key, undefined)],
    ['for another address', () => signed(ours.key, ours.hex, { aud: 'https://elsewhere.example' })],
    ['from another client', () => signed(ours.key, ours.hex, { iss: 'other' })],
    ['that has ended', () => signed(ours.key, ours.hex, { exp: NOW_MS / 1000 - 120 })],
    ['that never ends', () => signed(ours.key, ours.hex, { exp: null })],
    ['that is nonsense', async () => 'x.y.z'],
    ['with a wrong secret', () => signed(ours.key, ours.hex), { client_secret: 'secre' }],
    ['of nobody', () => signed(ours.key, ours.hex), { client_id: 'nobody' }],
    [
      'signed with the certificate as a password',
      () =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', x5t: ours.hex })
          .sign(new TextEncoder().encode(ours.cert)),
    ],
  ])('%s gives none', async (_, assertion, change = {}) => {
    const response = await ask(await assertion(), change);
    expect(response.statusCode).toBe(401);
    expect(gateway.ports.data.tokens.size).toBe(0);
  });

  it('is nothing to a server that asks for passwords', async () => {
    await gateway.stop();
    await begin({});
    register('tv', 'secret', [ours.cert]);
    expect((await ask(await signed(ours.key, ours.hex))).statusCode).toBe(401);
  });
});

it('a trader’s login stays what it is beside it', async () => {
  await begin({});
  register('ada', 'another');
  const { d } = await gateway.success('POST /authorize', { form: { login: 'ada', password: PASSWORD } });
  await gateway.success('GET /config', { token: d.access_token });
});
