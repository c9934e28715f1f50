import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { isOfAnother, withoutCell } from '@core/contracts/cell';
import type { TraderId } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { givenSecret } from '@core/registry/tokens';
import { CellSettings } from '@core/service/service-settings';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Traders } from '../accounts/traders.ts';
import { Believed } from '../believed.ts';
import { AuthSettings } from '../config.ts';
import { Gathered } from '../gathered.ts';
import { OauthStore } from '../oauth/oauth-store.ts';
import { Elsewhere, Unauthenticated } from '../refused.ts';
import { jittered } from './jittered.ts';
import { TokenStore, type StoredToken } from './token-store.ts';

/** 256 random bits in base64url, behind the name of their cell. */
const TOKEN_PATTERN = /^[\w-]{43}$/;

/** A token of a login that may be renewed. */
export interface RenewableToken {
  readonly token: string;
  readonly traderId: TraderId;
  readonly loginId: string;
  readonly sessionUid: string;
  readonly expiresAt: Date;
}

/**
 * Tokens, whichever way they were got. A password sent by a program begins a login of one token; one that began on our
 * page may be renewed, and has one token after another.
 */
@Injectable()
export class Logins implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Logins.name);
  private readonly known: Believed<string, StoredToken>;
  /** When logins end. */
  private readonly ends: Gathered<string, Date>;
  private readonly ended = new EventEmitter().setMaxListeners(0);
  private issuedMs = 0;
  private purge: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: AuthSettings,
    private readonly tokens: TokenStore,
    private readonly oauth: OauthStore,
    private readonly traders: Traders,
    private readonly cell: CellSettings,
  ) {
    const terms = { lifetimeMs: settings.authCacheMs, max: settings.authCacheMax };
    this.known = new Believed(terms, (some) => this.look(some));
    this.ends = new Gathered((logins) => tokens.endsOf(logins));
  }

  onApplicationBootstrap(): void {
    this.purge = setInterval(() => {
      Promise.all([this.tokens, this.oauth].map((store) => store.deleteExpired(new Date()))).catch((error: unknown) => {
        // They have no power any more: the next round deletes them too.
        this.log.warn({ err: error, msg: 'expired tokens were not deleted' });
      });
    }, this.settings.tokenPurgeMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.purge);
  }

  /** A login of one token, at the cell that the trader lives in. Every login has a token of its own; earlier ones keep working. */
  async begin(traderId: TraderId): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const token = givenSecret(await this.traders.homeOf(traderId));
    const expiresAt = new Date(Date.now() + jittered(this.settings.tokenLifetimeMs));
    const login = { traderId, loginId: randomUUID(), sessionUid: null };
    await this.tokens.save({ ...login, hash: hashOf(token), issuedAt: this.issueTime(), expiresAt, used: true });
    return { token, expiresAt };
  }

  /** Lets a token in that the authorization server made: as those that begin here. */
  admit({ token, ...admission }: RenewableToken): Promise<void> {
    return this.tokens.save({ ...admission, hash: hashOf(token), issuedAt: this.issueTime(), used: false });
  }

  /** What a token stands for that was asked about a moment ago; null for every other. */
  remembered(token: string): StoredToken | null {
    return usableIn(this.known.remembered(token));
  }

  /** The same for who asks for it again and again. */
  memoryOf(token: string): () => StoredToken | null {
    const known = this.known.memoryOf(token);
    return () => usableIn(known());
  }

  /** What a token stands for; throws `Elsewhere` for one of another cell, `Unauthenticated` for one that is none or has ended. */
  async authenticate(token: string): Promise<StoredToken> {
    if (isOfAnother(this.cell.cell, token)) throw new Elsewhere();
    const stored =
      this.remembered(token) ?? (TOKEN_PATTERN.test(withoutCell(token)) ? await this.known.ask(token) : null);
    if (!stored || !isAlive(stored)) throw new Unauthenticated();
    if (!stored.used) await this.use(stored);
    return stored;
  }

  /** Whether a login goes on, by whichever token: asked of the store each time. */
  async stands(loginId: string): Promise<boolean> {
    const endsAt = await this.ends.ask(loginId);
    return endsAt !== null && endsAt.getTime() > Date.now();
  }

  /** Ends a token's login; and the visit to our page that it began with, so that nobody goes on without a password. */
  async logout({ loginId, sessionUid }: StoredToken): Promise<void> {
    await (sessionUid === null ? this.endLogin(loginId) : this.endSession(sessionUid));
  }

  async endLogin(loginId: string): Promise<void> {
    await this.tokens.deleteLogin(loginId);
    this.forget([loginId]);
  }

  async endSession(sessionUid: string): Promise<void> {
    await this.oauth.deleteSession(sessionUid);
    this.forget(await this.tokens.deleteSession(sessionUid));
  }

  /** Calls back when this login is ended here; returns how to stop that. */
  onEnd(loginId: string, listener: () => void): () => void {
    this.ended.once(loginId, listener);
    return () => {
      this.ended.off(loginId, listener);
    };
  }

  /** No two at once: which of two tokens is the newer one decides which of them ends. */
  private issueTime(): Date {
    this.issuedMs = Math.max(Date.now(), this.issuedMs + 1);
    return new Date(this.issuedMs);
  }

  private forget(logins: readonly string[]): void {
    this.known.forget();
    for (const login of logins) this.ended.emit(login);
  }

  private async look(some: readonly string[]): Promise<ReadonlyMap<string, StoredToken>> {
    const byHash = new Map(some.map((token) => [hashOf(token).toString('base64'), token]));
    const stored = await this.tokens.find([...byHash.keys()].map((hash) => Buffer.from(hash, 'base64')));
    return new Map(stored.map((each) => [present(byHash.get(each.hash.toString('base64')), 'it was asked for'), each]));
  }

  /** The first request with a token ends those that it renews, which are good until then. */
  private async use(token: StoredToken): Promise<void> {
    await this.tokens.use(token);
    this.known.forget(({ loginId, issuedAt }) => loginId === token.loginId && issuedAt <= token.issuedAt);
  }
}

const usableIn = (known: StoredToken | null): StoredToken | null => (known?.used && isAlive(known) ? known : null);

const isAlive = ({ expiresAt }: StoredToken): boolean => expiresAt.getTime() > Date.now();

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
