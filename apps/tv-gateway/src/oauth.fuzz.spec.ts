import { fuzz } from '@core/testing/fuzz';
import { GatewayHarness } from './gateway-harness.fixture.ts';
import {
  aClient,
  authorization,
  Browser,
  exchange,
  implicitClient,
  OAUTH_SETTINGS,
  REDIRECT_URI,
  refreshing,
  RETURN_TO,
  tokens,
} from './oauth-client.fixture.ts';

const query = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

/** What strangers send: to get a page, to fill it in, to get a token, to log out. */
const examples = [
  { method: 'GET', path: `/oauth/authorize?${query(authorization({ lang: 'de', scope: 'x' }))}`, form: '' },
  {
    method: 'GET',
    path: `/oauth/authorize?${query(authorization({ client_id: implicitClient.id, response_type: 'token', prompt: 'none' }))}`,
    form: '',
  },
  { method: 'POST', path: '/oauth/login/page', form: query({ login: 'nobody', password: 'x' }) },
  { method: 'POST', path: '/oauth/token', form: query(exchange('code', { code_verifier: 'v'.repeat(43) })) },
  { method: 'POST', path: '/oauth/token', form: query(refreshing('token')) },
  { method: 'GET', path: `/oauth/logout?${query({ client_id: aClient().id, returnTo: RETURN_TO })}`, form: '' },
].map((example) => JSON.stringify(example));

const read = (text: string): { method?: unknown; path?: unknown; form?: unknown } => {
  try {
    return Object(JSON.parse(text));
  } catch {
    return { path: text, form: text };
  }
};

it('whatever a stranger sends to the login is answered, leads nowhere else, and others log in', async () => {
  const gateway = await GatewayHarness.start(OAUTH_SETTINGS);
  gateway.ports.oauthClients.registered.push(aClient(), implicitClient);
  const visitor = new Browser(gateway);
  const page = await visitor.open(authorization());
  await fuzz({
    name: 'oauth',
    share: 0.1,
    examples,
    take: async (input) => {
      const { method, path, form } = read(Buffer.from(input).toString());
      const asked = typeof path === 'string' ? encodeURI(path.slice(0, 4_000).toWellFormed()) : '/oauth/token';
      const url = asked.replace('/oauth/login/page', page).replace(/^\/*/, '/');
      const sent = typeof form === 'string' ? form : '';
      const { statusCode, headers } =
        method === 'GET'
          ? await visitor.get(url)
          : await visitor.submit(url, Object.fromEntries(new URLSearchParams(sent)));
      expect(statusCode).toBeLessThan(500);
      const { location } = headers;
      if (location !== undefined) expect(String(location)).toMatch(PLACES);
    },
    others: async () => {
      const back = await new Browser(gateway).logIn(authorization());
      expect(await tokens(gateway, exchange(back.searchParams.get('code')))).toMatchObject({ status: 200 });
    },
  });
  await gateway.stop();
});

/** Where anybody is ever sent. */
const PLACES = new RegExp(
  `^(?:/oauth/login/[\\w-]+$|https://trading\\.example\\.com/oauth/authorize/[\\w-]+$|${[REDIRECT_URI, RETURN_TO].map((place) => `${place.replaceAll('.', '\\.')}(?:[?#]|$)`).join('|')})`,
);
