import { createHash } from 'node:crypto';
import { GatewayHarness } from './gateway-harness.fixture.ts';
import { PASSWORD } from './memory-ports.fixture.ts';
import {
  aClient,
  authorization,
  Browser,
  exchange,
  GATEWAY_URL,
  implicitClient,
  OAUTH_SETTINGS,
  REDIRECT_URI,
  refreshing,
  RETURN_TO,
  SECRET,
  tokens,
} from './oauth-client.fixture.ts';

const other = aClient({ id: 'c0de0000-0000-4000-8000-000000000003', redirectUris: ['https://xstaging.tv/back/'] });

let gateway: GatewayHarness;
let browser: Browser;

beforeAll(async () => {
  gateway = await GatewayHarness.start(OAUTH_SETTINGS);
  gateway.ports.oauthClients.registered.push(aClient(), implicitClient, other);
});
beforeEach(() => {
  browser = new Browser(gateway);
});
afterAll(() => gateway.stop());

const isLoggedIn = async (token: unknown): Promise<boolean> =>
  (await gateway.call('GET /accounts', { token: String(token) })).statusCode === 200;

/** A login by code, to its first tokens. */
async function codeLogin(): Promise<Record<string, unknown>> {
  const back = await browser.logIn(authorization());
  const { status, body } = await tokens(gateway, exchange(back.searchParams.get('code')));
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
}

const implicit = (more: Record<string, string> = {}) =>
  authorization({ response_type: 'token', client_id: implicitClient.id, ...more });

const inFragment = ({ hash }: URL): URLSearchParams => new URLSearchParams(hash.slice(1));

describe('a login by code', () => {
  it('leads back with a code and the state as it was, and the code to a token like any other', async () => {
    const back = await browser.logIn(authorization({ scope: 'whatever', lang: 'de', token_uri: 'https://x.example' }));
    expect(`${back.origin}${back.pathname}`).toBe(REDIRECT_URI);
    expect(back.searchParams.get('state')).toBe(authorization()['state']);
    const { status, body } = await tokens(gateway, exchange(back.searchParams.get('code')));
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) });
    expect(body['expires_in']).toBeLessThanOrEqual(1_800);
    expect(body['expires_in']).toBeGreaterThanOrEqual(1_620);
    expect(await isLoggedIn(body['access_token'])).toBe(true);
    const { d } = await gateway.success('GET /accounts', { token: String(body['access_token']) });
    expect(d).toHaveLength(1);
  });

  it('is renewed without saying whose it is; the old token ends once the new one was used', async () => {
    const first = await codeLogin();
    expect(await isLoggedIn(first['access_token'])).toBe(true);
    const { body: second } = await tokens(gateway, refreshing(first['refresh_token']));
    expect(second['access_token']).not.toBe(first['access_token']);
    expect(await isLoggedIn(first['access_token'])).toBe(true);
    expect(await isLoggedIn(second['access_token'])).toBe(true);
    expect(await isLoggedIn(first['access_token'])).toBe(false);
    expect(await isLoggedIn(second['access_token'])).toBe(true);
  });

  it('may be renewed again when the answer was lost', async () => {
    const first = await codeLogin();
    await tokens(gateway, refreshing(first['refresh_token']));
    const { body } = await tokens(gateway, refreshing(first['refresh_token'], { client_id: aClient().id }));
    expect(await isLoggedIn(body['access_token'])).toBe(true);
  });

  it('ends with a logout, and cannot be renewed or gone on with in that browser', async () => {
    const { access_token: token, refresh_token: refresh } = await codeLogin();
    await gateway.success('POST /logout', { token: String(token) });
    expect(await isLoggedIn(token)).toBe(false);
    expect(await tokens(gateway, refreshing(refresh))).toMatchObject({ status: 400 });
    expect(
      (
        await browser.back(`/oauth/authorize?${new URLSearchParams(authorization({ prompt: 'none' })).toString()}`)
      ).searchParams.get('error'),
    ).toBe('login_required');
  });

  it('leaves other logins of the same trader as they are', async () => {
    const [first, second] = [await codeLogin(), await new Browser(gateway).logIn(authorization())];
    const { body } = await tokens(gateway, exchange(second.searchParams.get('code')));
    await gateway.success('POST /logout', { token: String(body['access_token']) });
    expect(await isLoggedIn(first['access_token'])).toBe(true);
  });

  it('gives a public client its code only for the verifier', async () => {
    const verifier = 'v'.repeat(43);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const query = authorization({ code_challenge: challenge, code_challenge_method: 'S256' });
    const withoutVerifier = exchange((await browser.logIn(query)).searchParams.get('code'));
    expect(await tokens(gateway, withoutVerifier)).toMatchObject({ status: 400 });
    const back = await new Browser(gateway).logIn(query);
    expect(await tokens(gateway, exchange(back.searchParams.get('code'), { code_verifier: verifier }))).toMatchObject({
      status: 200,
    });
  });
});

describe('an implicit login', () => {
  it('leads back with the token in the fragment, and is renewed without a page while the visit lasts', async () => {
    const first = inFragment(await browser.logIn(implicit({ prompt: 'login' })));
    expect(first.get('state')).toBe(authorization()['state']);
    expect(Number(first.get('expires_in'))).toBeGreaterThan(0);
    expect(await isLoggedIn(first.get('access_token'))).toBe(true);
    const silent = `/oauth/authorize?${new URLSearchParams(implicit({ prompt: 'none' })).toString()}`;
    const second = inFragment(await browser.back(silent));
    expect(await isLoggedIn(second.get('access_token'))).toBe(true);
    expect(await isLoggedIn(first.get('access_token'))).toBe(true);
    expect(second.get('refresh_token')).toBeNull();
  });

  it('shows no page where none may be shown', async () => {
    const back = inFragment(
      await browser.back(`/oauth/authorize?${new URLSearchParams(implicit({ prompt: 'none' })).toString()}`),
    );
    expect(back.get('error')).toBe('login_required');
    expect(back.get('state')).toBe(authorization()['state']);
  });

  it('asks for the password again where that is wanted, and another user may give theirs', async () => {
    await browser.logIn(implicit({ prompt: 'login' }), 'ada');
    const bobs = inFragment(await browser.logIn(implicit({ prompt: 'login' }), 'bob'));
    const { d } = await gateway.success('GET /accounts', { token: bobs.get('access_token') ?? '' });
    expect(d).toMatchObject([{ name: 'Bob, euros' }]);
  });
});

describe('a logout with redirect', () => {
  const logout = (query: Record<string, string>) => `/oauth/logout?${new URLSearchParams(query).toString()}`;

  it('ends what began in this browser and goes back', async () => {
    const { access_token: token } = await codeLogin();
    const { headers } = await browser.get(logout({ client_id: aClient().id, returnTo: RETURN_TO }));
    expect(headers.location).toBe(RETURN_TO);
    expect(await isLoggedIn(token)).toBe(false);
  });

  it.each([
    ['an address that is not registered', { client_id: aClient().id, returnTo: 'https://evil.example/' }],
    ['an address that begins like one', { client_id: aClient().id, returnTo: `${RETURN_TO}../evil` }],
    ['a client that is not registered', { client_id: 'nobody', returnTo: RETURN_TO }],
    ['no client', { returnTo: RETURN_TO }],
  ])('does nothing for %s', async (_, query) => {
    const { access_token: token } = await codeLogin();
    const { statusCode, headers } = await browser.get(logout(query));
    expect(statusCode).toBe(400);
    expect(headers).not.toHaveProperty('location');
    expect(await isLoggedIn(token)).toBe(true);
  });

  it('is not done by a picture of another page', async () => {
    const { access_token: token } = await codeLogin();
    await browser.get(logout({ client_id: aClient().id, returnTo: RETURN_TO }), { 'sec-fetch-dest': 'image' });
    expect(await isLoggedIn(token)).toBe(true);
  });
});

describe('an attacker', () => {
  it.each([
    ['another site', { redirect_uri: 'https://evil.example/' }],
    ['a path below', { redirect_uri: `${REDIRECT_URI}evil` }],
    ['a host that ends alike', { redirect_uri: REDIRECT_URI.replace('www.', 'evil-www.') }],
    ['no encryption', { redirect_uri: REDIRECT_URI.replace('https', 'http') }],
    ['a query of their own', { redirect_uri: `${REDIRECT_URI}?next=evil` }],
    ['an unknown client', { client_id: 'c0de0000-0000-4000-8000-00000000dead' }],
    ['another client’s address', { client_id: other.id }],
  ])('cannot have us redirect to %s', async (_, changed) => {
    const { statusCode, headers, body } = await browser.get(
      `/oauth/authorize?${new URLSearchParams(authorization(changed)).toString()}`,
    );
    expect(statusCode).toBe(400);
    expect(headers).not.toHaveProperty('location');
    expect(body).toContain('This link cannot be used');
    expect(body).not.toContain('evil');
  });

  it.each([
    ['a token from a client of codes', { response_type: 'token' }],
    ['an ID token', { response_type: 'id_token token', nonce: 'n' }],
    ['another way of answering', { response_mode: 'form_post' }],
    ['a verifier that is not hashed', { code_challenge: 'v'.repeat(43), code_challenge_method: 'plain' }],
    ['no state', { state: '' }],
  ])('does not get %s', async (_, changed) => {
    const { statusCode, headers } = await browser.get(
      `/oauth/authorize?${new URLSearchParams(authorization(changed)).toString()}`,
    );
    expect([303, 400]).toContain(statusCode);
    expect(String(headers.location ?? 'error=')).toContain('error=');
  });

  it('who replays a code ends the login it was for', async () => {
    const code = (await browser.logIn(authorization())).searchParams.get('code');
    const { body } = await tokens(gateway, exchange(code));
    expect(await tokens(gateway, exchange(code))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await isLoggedIn(body['access_token'])).toBe(false);
    expect(await tokens(gateway, refreshing(body['refresh_token']))).toMatchObject({ status: 400 });
  });

  it('who sends a code many times at once gets one login at most', async () => {
    const code = (await browser.logIn(authorization())).searchParams.get('code');
    const answers = await Promise.all(Array.from({ length: 5 }, () => tokens(gateway, exchange(code))));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['for another client', { client_id: other.id }],
    ['with a wrong secret', { client_secret: 't'.repeat(43) }],
    ['with the hash that we keep', { client_secret: aClient().secretHash ?? '' }],
    ['for another address', { redirect_uri: `${REDIRECT_URI}evil` }],
    ['with a verifier that nobody asked for', { code_verifier: 'v'.repeat(43) }],
  ])('cannot exchange a code %s', async (_, changed) => {
    const code = (await browser.logIn(authorization())).searchParams.get('code');
    const { status, body } = await tokens(gateway, exchange(code, changed));
    expect([400, 401]).toContain(status);
    expect(body).not.toHaveProperty('access_token');
  });

  it.each([
    ['without the secret', { client_secret: '' }],
    ['as another client', { client_id: other.id }],
  ])('cannot refresh %s', async (_, changed) => {
    const { refresh_token: refresh } = await codeLogin();
    const { status, body } = await tokens(gateway, refreshing(refresh, changed));
    expect([400, 401]).toContain(status);
    expect(body).not.toHaveProperty('access_token');
  });

  it.each<[string, (login: Record<string, unknown>) => unknown]>([
    ['made up', () => 'x'.repeat(43)],
    ['another kind of token', ({ access_token: token }) => token],
    ['of a login that has ended', ({ refresh_token: refresh }) => refresh],
  ])('hears of a refresh token that is %s the same as who says for which client it is', async (_, shown) => {
    const login = await codeLogin();
    await gateway.success('POST /logout', { token: String(login['access_token']) });
    const form = refreshing(shown(login));
    const answer = await tokens(gateway, form);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(answer).toEqual(await tokens(gateway, { ...form, client_id: aClient().id }));
  });

  it('who was taken off the list refreshes nothing', async () => {
    const { refresh_token: refresh } = await codeLogin();
    const [first] = gateway.ports.oauthClients.registered.splice(0, 1);
    expect((await tokens(gateway, refreshing(refresh))).status).toBeGreaterThanOrEqual(400);
    gateway.ports.oauthClients.registered.unshift(first ?? aClient());
    expect(await tokens(gateway, refreshing(refresh))).toMatchObject({ status: 200 });
  });

  it('cannot have a page of ours in theirs, nor run a script in it', async () => {
    const { headers, body } = await browser.get(await browser.open(authorization()));
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
    expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe/);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).not.toContain('<script');
  });

  it('cannot log somebody in from another page, in another browser, or at another’s page', async () => {
    const page = await browser.open(authorization());
    const form = { login: 'ada', password: PASSWORD };
    const elsewhere = new Browser(gateway);
    const anothers = await elsewhere.open(authorization());
    for (const response of [
      await browser.submit(page, form, { origin: 'https://evil.example' }),
      await browser.submit(page, form, { origin: 'null' }),
      await elsewhere.submit(page, form),
      await browser.submit(anothers, form),
      await new Browser(gateway).submit(page, form),
    ]) {
      expect(response.statusCode).toBe(400);
      expect(response.headers).not.toHaveProperty('location');
    }
    expect((await browser.submit(page, form, { origin: GATEWAY_URL })).statusCode).toBe(303);
  });

  it('who names us otherwise does not change where we send people', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const query = new URLSearchParams(authorization()).toString();
    const sent = await browser.get(`/oauth/authorize?${query}`, headers);
    const page = String(sent.headers.location);
    expect(page).toMatch(/^\/oauth\/login\//);
    expect(sent.cookies.every(({ secure }) => secure === true)).toBe(true);
    const went = await browser.submit(page, { login: 'ada', password: PASSWORD }, headers);
    expect(String(went.headers.location)).toMatch(/^https:\/\/trading\.example\.com\/oauth\/authorize\//);
  });

  it('cannot put anything of theirs into a page or a header by language or login', async () => {
    const hostile = `"><script>alert(1)</script>\r\nx-evil: 1`;
    const page = await browser.open(authorization({ lang: hostile }));
    const { body, headers } = await browser.submit(page, { login: hostile, password: 'x' });
    expect(headers['content-language']).toBe('en');
    expect(headers).not.toHaveProperty('x-evil');
    expect(body).not.toContain('<script>');
  });

  it('who guesses is stopped here as at /authorize, by the same count', async () => {
    const guessed = await GatewayHarness.start({ ...OAUTH_SETTINGS, LOGIN_FAILURES_MAX: '2' });
    try {
      guessed.ports.oauthClients.registered.push(aClient());
      const guesser = new Browser(guessed);
      const page = await guesser.open(authorization());
      const guess = async (password: string) => (await guesser.submit(page, { login: 'ada', password })).body;
      expect(await guess('1')).toContain('Login or password is wrong.');
      await guessed.failure('POST /authorize', { form: { login: 'ada', password: '2' } });
      expect(await guess(PASSWORD)).toContain('Too many failed attempts.');
      expect(await guessed.failure('POST /authorize', { form: { login: 'ada', password: PASSWORD } })).toContain(
        'Too many failed attempts.',
      );
      expect(guessed.ports.traders.checks).toBe(2);
    } finally {
      await guessed.stop();
    }
  });
});

describe('the login page', () => {
  it('speaks the language that is asked for, or else the browser’s', async () => {
    const { body } = await browser.get(await browser.open(authorization({ lang: 'de' })));
    expect(body).toContain('<html lang="de">');
    expect(body).toContain('Bei Acme anmelden');
    const page = await browser.open(authorization({ lang: 'xx' }));
    expect((await browser.get(page, { 'accept-language': 'xx, fr-CH;q=0.9' })).body).toContain('<html lang="fr">');
  });

  it('tells what is wrong beside its field, and keeps the login', async () => {
    const page = await browser.open(authorization());
    expect((await browser.submit(page, { login: '', password: '' })).body).toMatch(
      /name="login"[^>]* autofocus[^>]*aria-invalid="true" aria-describedby="login-error"/s,
    );
    const { body } = await browser.submit(page, { login: 'ada', password: '' });
    expect(body).toMatch(/name="password"[^>]* autofocus[^>]*aria-invalid="true" aria-describedby="password-error"/s);
    expect(body).toContain('value="ada"');
    expect(body).not.toContain(PASSWORD);
  });

  it('that is not open any more says so', async () => {
    const { statusCode, body } = await browser.get('/oauth/login/nothing');
    expect(statusCode).toBe(400);
    expect(body).toContain('This page has expired');
  });
});

it('what is no OAuth request is told in OAuth’s words', async () => {
  const json = await gateway.raw({
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'application/json' },
    payload: '{}',
  });
  expect(json.statusCode).toBe(415);
  expect(json.json()).toMatchObject({ error: 'invalid_request' });
  expect(
    await tokens(gateway, { grant_type: 'password', client_id: aClient().id, client_secret: SECRET }),
  ).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
});

it('without an address of ours there is no page to log in on', async () => {
  const plain = await GatewayHarness.start();
  const { statusCode } = await plain.raw({ method: 'GET', url: '/oauth/authorize' });
  expect(statusCode).toBe(404);
  await plain.stop();
});
