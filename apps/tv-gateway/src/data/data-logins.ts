import { isOfAnother } from '@core/contracts/cell';
import { RegistryNews } from '@core/edge/registry-news';
import { BoundedMap } from '@core/kernel/bounded-map';
import { DataFeedRegistry } from '@core/registry/data-feed-registry';
import { givenSecret, hashOf, matchesAny } from '@core/registry/tokens';
import { CellSettings } from '@core/service/service-settings';
import { Injectable } from '@nestjs/common';
import { jittered } from '../auth/jittered.ts';
import { AuthSettings, DataSettings } from '../config.ts';
import { Elsewhere, Unauthenticated } from '../refused.ts';
import { isAssertionOf } from './assertion.ts';
import { DataTokens } from './data-tokens.ts';

/** What a server of TradingView sends to have a token (manual, ServerOAuth2Bearer). */
export interface SignedLogin {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly assertion: string;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Who reads: a registered client, or whoever may without being one. */
export type DataReader = { readonly clientId: string | null };

interface KnownReader {
  readonly reader: DataReader;
  readonly expiresAt: Date;
  /** By a clock that only goes forward. */
  readonly askedMs: number;
}

const ANYBODY: DataReader = { clientId: null };

/** Who may read the data, apart from who trades. Every login has a token of its own; earlier ones keep working. */
@Injectable()
export class DataLogins {
  private readonly fixed: readonly string[];
  /** By the hash of a token, for a few seconds. */
  private readonly known: BoundedMap<string, KnownReader>;

  constructor(
    private readonly settings: DataSettings,
    private readonly cache: AuthSettings,
    private readonly clients: DataFeedRegistry,
    private readonly tokens: DataTokens,
    private readonly cell: CellSettings,
    news: RegistryNews,
  ) {
    if (settings.auth === 'certificate' && settings.tokenUrl === undefined)
      throw new Error('DATA_TOKEN_URL must be set where DATA_AUTH is certificate: assertions are made for it');
    this.fixed = settings.token === undefined ? [] : [hashOf(settings.token)];
    this.known = new BoundedMap(cache.authCacheMax);
    news.onChanged(() => this.known.clear());
  }

  /** Null where it is no login for the data, which leaves the question whether it is a trader's. */
  async byPassword(login: string, password: string): Promise<IssuedToken | null> {
    if (this.settings.auth !== 'password') return null;
    const client = await this.clients.verifyClient(login, password);
    return client && this.issue(client.id);
  }

  /** Throws `Unauthenticated` for whatever is wrong with it. */
  async bySignature({ clientId, clientSecret, assertion }: SignedLogin): Promise<IssuedToken> {
    const { auth, tokenUrl: audience } = this.settings;
    const client = auth === 'certificate' ? await this.clients.verifyClient(clientId, clientSecret) : null;
    if (!client || audience === undefined) throw new Unauthenticated();
    const terms = { clientId, audience, certificates: client.certificates };
    if (!(await isAssertionOf(assertion, terms, new Date(Date.now())))) throw new Unauthenticated();
    return this.issue(client.id);
  }

  /** Throws `Unauthenticated` where a token is none for the data or has ended, `Elsewhere` for another cell’s. Without a token, where one is not asked for. */
  async authenticate(token: string | null): Promise<DataReader> {
    if (this.settings.auth === 'none') return ANYBODY;
    if (token === null) throw new Unauthenticated();
    if (matchesAny(token, this.fixed)) return ANYBODY;
    if (isOfAnother(this.cell.cell, token)) throw new Elsewhere();
    const [hash, askedMs] = [hashOf(token), performance.now()];
    const known = this.known.get(hash);
    if (known && askedMs - known.askedMs < this.cache.authCacheMs && isAlive(known)) return known.reader;
    const stored = await this.tokens.find(hash);
    if (!stored || !isAlive(stored) || !(await this.isLive(stored))) throw new Unauthenticated();
    const reader = { clientId: stored.clientId };
    this.known.set(hash, { reader, expiresAt: stored.expiresAt, askedMs });
    return reader;
  }

  /** Whether a reader may go on: a stream outlives its token, and not its client. */
  async isLive({ clientId }: DataReader): Promise<boolean> {
    return clientId === null || (await this.clients.client(clientId)) !== null;
  }

  private async issue(clientId: string): Promise<IssuedToken> {
    const token = givenSecret(this.cell.cell);
    const expiresAt = new Date(Date.now() + jittered(this.settings.tokenLifetimeMs));
    await this.tokens.save({ hash: hashOf(token), clientId, expiresAt });
    return { token, expiresAt };
  }
}

const isAlive = ({ expiresAt }: { readonly expiresAt: Date }): boolean => expiresAt.getTime() > Date.now();
