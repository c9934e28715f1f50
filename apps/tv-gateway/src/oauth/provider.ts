import { generateKeyPairSync } from 'node:crypto';
import { withCell } from '@core/contracts/cell';
import type { TraderId } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { matchesAny } from '@core/registry/tokens';
import type { AdapterFactory, Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { OauthSettings } from '../config.ts';
import { jittered } from '../auth/jittered.ts';
import type { Page } from './pages.ts';
import { TRADING } from './trading-scope.ts';

const SECOND = 1_000;

export interface ProviderOptions {
  readonly origin: URL;
  readonly settings: OauthSettings;
  readonly cookieKey: string;
  readonly adapterOf: (model: string, alreadyConsumed: () => Error) => ReturnType<AdapterFactory>;
  /** The cell that a trader lives in. */
  readonly homeOf: (trader: TraderId) => Promise<string>;
  /** What a browser shows when it cannot go on. */
  readonly errorPage: (lang: unknown) => Page;
}

interface TokenInternals {
  accountId?: string;
  jti?: string;
  generateTokenId(): string;
  save(): Promise<string>;
}

interface AccessTokenInternals {
  readonly prototype: TokenInternals;
}

interface ClientInternals {
  readonly Schema: { readonly prototype: { invalidate(message: string, code?: string): void } };
}

/** The authorization server, as contract A3 of TradingView's document describes it. */
export async function openProvider(options: ProviderOptions): Promise<Provider> {
  // It is loaded where it is wanted: it is larger than the rest of us.
  const { Provider: Library, errors, interactionPolicy } = await import('oidc-provider');
  const { default: internalsOf } = await import('oidc-provider/lib/helpers/weak_cache.js');
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const provider = new Library(options.origin.origin, {
    ...configurationOf(options),
    adapter: (model: string) => options.adapterOf(model, () => new errors.InvalidGrant('it was given already')),
    interactions: { policy, url: (_context, { uid }) => `/oauth/login/${uid}` },
    loadExistingGrant: async ({
      oidc: {
        account,
        client,
        provider: { Grant },
      },
    }) => {
      const grant = new Grant({ accountId: account?.accountId, clientId: client?.clientId });
      grant.addOIDCScope(TRADING);
      await grant.save();
      return grant;
    },
    extraParams: {
      lang: null,
      state: ({ oidc }: KoaContextWithOIDC, state: unknown) => {
        if (!state && !oidc.params?.['code_challenge'])
          throw new errors.InvalidRequest("missing required parameter 'state'");
      },
    },
  });
  provider.proxy = true;
  // What the library leaves out because OpenID Connect has no such response, and OAuth 2.0 has.
  internalsOf(provider).configuration('responseTypes').push('token');
  const { prototype: tokens } = provider.AccessToken as typeof provider.AccessToken & AccessTokenInternals;
  nameCells(tokens, options.homeOf);
  provider.Client.prototype.compareClientSecret = function (given: string): boolean {
    return matchesAny(given, [this.clientSecret ?? '']);
  };
  // `ops` has seen to it that an address is encrypted, or of this machine.
  const { prototype: schema } = (provider.Client as typeof provider.Client & ClientInternals).Schema;
  const { invalidate } = schema;
  schema.invalidate = function (message: string, code?: string): void {
    if (!code?.startsWith('implicit-')) invalidate.call(this, message, code);
  };
  return provider;
}

/** A token bears the cell of its trader, for whoever sends it on. */
function nameCells(tokens: TokenInternals, homeOf: ProviderOptions['homeOf']): void {
  const { save } = tokens;
  tokens.save = async function (this: TokenInternals): Promise<string> {
    const trader = present(this.accountId, 'a token is somebody’s');
    this.jti ??= withCell(await homeOf(trader), this.generateTokenId());
    return save.call(this);
  };
}

const configurationOf = ({ origin, settings, cookieKey, errorPage }: ProviderOptions): Configuration => {
  const isSecure = origin.protocol === 'https:';
  const loginSeconds = settings.loginLifetimeMs / SECOND;
  return {
    scopes: [TRADING],
    responseTypes: ['code', 'id_token token'],
    clientAuthMethods: ['client_secret_post', 'none'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    pkce: { methods: ['S256'], required: () => false },
    jwks: { keys: [unusedKey()] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    routes: { authorization: '/oauth/authorize', token: '/oauth/token' },
    cookies: {
      keys: [cookieKey],
      names: { session: 'login_session', interaction: 'login_page', resume: 'login_resume' },
      long: { httpOnly: true, signed: true, path: '/oauth/', sameSite: isSecure ? 'none' : 'lax' },
      short: { httpOnly: true, signed: true, sameSite: 'lax' },
    },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    // Who has a secret may show the same one again: an answer that was lost must not end a login.
    rotateRefreshToken: false,
    expiresWithSession: async () => false,
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: () => Math.ceil(jittered(settings.tokenLifetimeMs) / SECOND),
      AuthorizationCode: settings.codeLifetimeMs / SECOND,
      Grant: loginSeconds,
      RefreshToken: loginSeconds,
      Interaction: settings.pageLifetimeMs / SECOND,
      Session: (_context, { loginTs }) => Math.max(1, Math.ceil((loginTs ?? 0) + loginSeconds - Date.now() / SECOND)),
    },
    renderError: (context) => {
      const { html, headers } = errorPage(context.query['lang']);
      context.set({ ...headers });
      context.body = html;
    },
  };
};

/** No scope of ours leads to a signed token; the library wants a key all the same. */
const unusedKey = () => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  kid: newId(),
});
