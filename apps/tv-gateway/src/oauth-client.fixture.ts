import { createHash } from 'node:crypto';
import type { OauthClient } from '@core/registry/entities';
import type { Response } from 'light-my-request';
import type { GatewayHarness } from './gateway-harness.fixture.ts';
import { PASSWORD } from './memory-ports.fixture.ts';

export const GATEWAY_URL = 'https://trading.example.com';
const SITE = 'https://www.tradingview.com';
export const REDIRECT_URI = `${SITE}/trading/oauth-redirect/acme/`;
export const RETURN_TO = `${SITE}/trading/logout-redirect/`;
export const SECRET = 's'.repeat(43);
export const OAUTH_SETTINGS = {
  OAUTH_URL: GATEWAY_URL,
  OAUTH_COOKIE_KEY: `${'A'.repeat(43)}=`,
  OAUTH_BROKER_NAME: 'Acme',
};

export const aClient = (more: Partial<OauthClient> = {}): OauthClient => ({
  id: 'c0de0000-0000-4000-8000-000000000001',
  name: 'production/production',
  flow: 'code',
  secretHash: createHash('sha256').update(SECRET).digest('hex'),
  redirectUris: [REDIRECT_URI],
  logoutUris: [RETURN_TO],
  revoked: false,
  ...more,
});

export const implicitClient = aClient({
  id: 'c0de0000-0000-4000-8000-000000000002',
  flow: 'implicit',
  secretHash: null,
});

type Fields = Readonly<Record<string, string>>;

/** A browser without scripts: it keeps cookies by path, and goes where it is sent as far as it is told. */
export class Browser {
  private readonly jar = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(private readonly gateway: GatewayHarness) {}

  async get(address: string, headers: Fields = {}): Promise<Response> {
    return this.keep(await this.gateway.raw({ method: 'GET', ...this.request(address, headers) }));
  }

  async submit(address: string, form: Fields, headers: Fields = {}): Promise<Response> {
    const request = this.request(address, { 'content-type': 'application/x-www-form-urlencoded', ...headers });
    const payload = new URLSearchParams(form).toString();
    return this.keep(await this.gateway.raw({ method: 'POST', ...request, payload }));
  }

  /** Opens the login page that an authorization request leads to; gives its address. */
  async open(query: Fields): Promise<string> {
    const sent = await this.get(`/oauth/authorize?${new URLSearchParams(query).toString()}`);
    expect(sent.statusCode).toBe(303);
    return String(sent.headers.location);
  }

  /** From an authorization request to what the client's page is called with. */
  async logIn(query: Fields, login = 'ada'): Promise<URL> {
    const page = await this.open(query);
    const went = await this.submit(page, { login, password: PASSWORD });
    return this.back(String(went.headers.location));
  }

  /** Follows an address of ours that leads to the client's. */
  async back(address: string): Promise<URL> {
    const { headers, statusCode } = await this.get(address);
    expect(statusCode).toBe(303);
    return new URL(String(headers.location));
  }

  cookies(): readonly string[] {
    return [...this.jar.keys()];
  }

  private request(address: string, headers: Fields) {
    const { pathname, search } = new URL(address, GATEWAY_URL);
    const cookie = [...this.jar]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    return { url: `${pathname}${search}`, headers: { accept: 'text/html', ...(cookie && { cookie }), ...headers } };
  }

  private keep(response: Response): Response {
    for (const { name, value, path } of response.cookies) {
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, { value, path: typeof path === 'string' ? path : '/' });
    }
    return response;
  }
}

/** TradingView's server: what it asks our token endpoint. */
export async function tokens(
  gateway: GatewayHarness,
  form: Fields,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { statusCode: status, body } = await gateway.raw({
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(form).toString(),
  });
  return { status, body: JSON.parse(body) as Record<string, unknown> };
}

export const authorization = (more: Fields = {}): Fields => ({
  response_type: 'code',
  client_id: aClient().id,
  redirect_uri: REDIRECT_URI,
  state: 'eyJhIjoiYitjLz0ifQ==',
  ...more,
});

export const exchange = (code: string | null, more: Fields = {}): Fields => ({
  grant_type: 'authorization_code',
  client_id: aClient().id,
  client_secret: SECRET,
  code: code ?? '',
  redirect_uri: REDIRECT_URI,
  ...more,
});

export const refreshing = (token: unknown, more: Fields = {}): Fields => ({
  grant_type: 'refresh_token',
  refresh_token: String(token),
  client_secret: SECRET,
  ...more,
});
