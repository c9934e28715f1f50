import { parse } from 'node:querystring';
import { languageOf, type Language } from '@core/kernel/language';
import type { OauthClient } from '@core/registry/entities';
import { Injectable, Logger, NotFoundException, type OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import type { TraderId } from '@core/contracts/primitives';
import { Traders } from '../accounts/traders.ts';
import { Logins } from '../auth/logins.ts';
import { OauthSettings } from '../config.ts';
import { ClientAdapter, RecordAdapter, TokenAdapter } from './adapters.ts';
import { libraryRequest, type SeenRequest } from './library-request.ts';
import { OauthClients } from './oauth-clients.ts';
import { OauthStore } from './oauth-store.ts';
import { PageBrand } from './page-brand.ts';
import { noticePage } from './pages.ts';
import { openProvider } from './provider.ts';
import { TRADING } from './trading-scope.ts';

/** What a login page is open for. */
export interface Visit {
  readonly uid: string;
  readonly language: Language | null;
  readonly redirectUri: string;
}

/** What the library says of a login that has ended, to who says for which client: whoever refreshes logs in again then. */
const ENDED = { error: 'invalid_grant', error_description: 'grant request is invalid' } as const;

const SESSION_COOKIES = /^login_session(?:\.legacy)?(?:\.sig)?=/;

/** OAuth 2.0 by a well-kept library: codes, implicit tokens, refreshing. Where we have no address it is not there. */
@Injectable()
export class AuthorizationServer implements OnModuleInit {
  private readonly log = new Logger(AuthorizationServer.name);
  private opened: { readonly provider: Provider; readonly origin: URL } | undefined;

  constructor(
    private readonly settings: OauthSettings,
    private readonly brand: PageBrand,
    private readonly logins: Logins,
    private readonly store: OauthStore,
    private readonly clients: OauthClients,
    private readonly traders: Traders,
  ) {}

  async onModuleInit(): Promise<void> {
    const { url, cookieKey } = this.settings;
    if (url === undefined) return;
    if (cookieKey === undefined)
      throw new Error('OAUTH_COOKIE_KEY is not set: with OAUTH_URL it must be 32 bytes in base64');
    const origin = new URL(url);
    const provider = await openProvider({
      origin,
      settings: this.settings,
      cookieKey,
      adapterOf: (model, alreadyConsumed) => {
        if (model === 'Client') return new ClientAdapter(this.clients);
        if (model === 'AccessToken') return new TokenAdapter(this.logins);
        return new RecordAdapter(model, this.store, alreadyConsumed);
      },
      homeOf: (trader) => this.traders.homeOf(trader),
      errorPage: (lang) => noticePage(this.brand.is, languageOf(lang) ?? 'en', 'badLink', 'badLinkHelp'),
    });
    provider.on('server_error', (_context, error) => this.log.error({ err: error, msg: 'an OAuth request failed' }));
    this.opened = { provider, origin };
  }

  /** Answers a request for authorization, or its going on after a login. */
  authorize(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { origin } = this.open();
    const address = new URL(request.raw.url ?? '', origin);
    // Whatever the client's operator calls it: there is one thing to be granted.
    if (address.pathname === '/oauth/authorize') address.searchParams.set('scope', TRADING);
    const beginsAnew = address.searchParams.get('prompt')?.split(' ').includes('login');
    const path = `${address.pathname}${address.search}`;
    // A login on our page is a visit of its own, so that another user's in the same browser does not stand in its way.
    return beginsAnew || address.pathname !== '/oauth/authorize'
      ? this.answer(request, reply, { origin, path, cookie: withoutSession(request.headers.cookie) })
      : this.answer(request, reply, { origin, path });
  }

  /** Answers a request for tokens. Who refreshes does not say which client it is: the refresh token does. */
  async token(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { provider, origin } = this.open();
    const form = { ...Object(request.body) } as Record<string, string | string[]>;
    if (form['grant_type'] === 'refresh_token' && form['client_id'] === undefined) {
      const { refresh_token: shown } = form;
      if (typeof shown !== 'string') return this.answer(request, reply, { origin, form });
      const known = await provider.RefreshToken.find(shown);
      if (known?.clientId === undefined) return void reply.code(400).header('cache-control', 'no-store').send(ENDED);
      form['client_id'] = known.clientId;
    }
    await this.answer(request, reply, { origin, form });
  }

  /** What the login page that somebody asks for is open for; null when it is not open any more, or in another browser. */
  async visit(request: FastifyRequest<{ Params: { uid: string } }>, reply: FastifyReply): Promise<Visit | null> {
    const { provider, origin } = this.open();
    const { errors } = await import('oidc-provider');
    try {
      const { uid, params } = await provider.interactionDetails(libraryRequest(request, { origin }), reply.raw);
      if (uid !== request.params.uid) return null;
      return { uid, language: languageOf(params['lang']), redirectUri: String(params['redirect_uri']) };
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return null;
      throw error;
    }
  }

  /** Lets the visitor go on as `trader`; gives the address where. */
  admit(request: FastifyRequest, reply: FastifyReply, trader: TraderId): Promise<string> {
    const { provider, origin } = this.open();
    return provider.interactionResult(libraryRequest(request, { origin }), reply.raw, { login: { accountId: trader } });
  }

  /** Ends the login of this browser, for a client whose page it may go back to. Null for anybody else. */
  async logout(request: FastifyRequest, reply: FastifyReply): Promise<{ readonly returnTo: string | null } | null> {
    const { provider, origin } = this.open();
    const { client_id: id, returnTo = null } = parse(new URL(request.raw.url ?? '', origin).search.slice(1));
    const client = typeof id === 'string' ? await this.clients.find(id) : null;
    if (!client || Array.isArray(returnTo) || !mayReturn(client, returnTo)) return null;
    const context = provider.app.createContext(libraryRequest(request, { origin }), reply.raw);
    const { uid, accountId } = await provider.Session.get(context);
    if (accountId !== undefined) await this.logins.endSession(uid);
    return { returnTo };
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, seen: SeenRequest): Promise<void> {
    reply.hijack();
    await this.open().provider.callback()(libraryRequest(request, seen), reply.raw);
  }

  private open(): NonNullable<typeof this.opened> {
    if (!this.opened) throw new NotFoundException();
    return this.opened;
  }
}

const mayReturn = ({ logoutUris }: OauthClient, address: string | null): boolean =>
  address === null || logoutUris.includes(address);

const withoutSession = (cookies = ''): string =>
  cookies
    .split(/; */)
    .filter((cookie) => !SESSION_COOKIES.test(cookie))
    .join('; ');
