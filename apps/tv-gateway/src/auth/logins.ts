import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { TraderId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AskedAhead } from '../asked-ahead.ts';
import { AuthSettings } from '../config.ts';
import { OauthStore } from '../oauth/oauth-store.ts';
import { Unauthenticated } from '../refused.ts';
import { jittered } from './jittered.ts';
import { TokenStore, type StoredToken } from './token-store.ts';

/** 256 random bits in base64url. */
const TOKEN_PATTERN = /^[\w-]{43}$/;

/** `askedMs` is by the steady clock: what is kept for a few seconds is, wherever the other one jumps. */
interface Known {
  readonly token: StoredToken;
  readonly askedMs: number;
}

interface Standing {
  readonly endsAt: number;
  readonly askedMs: number;
}

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
  /** By token, for a few seconds. */
  private readonly known: BoundedMap<string, Known>;
  /** By login, for a few seconds. */
  private readonly standings: BoundedMap<string, Standing>;
  private readonly ahead: AskedAhead<string>;
  private readonly ended = new EventEmitter().setMaxListeners(0);
  private endings = 0;
  private issuedMs = 0;
  private purge: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: AuthSettings,
    private readonly tokens: TokenStore,
    private readonly oauth: OauthStore,
  ) {
    this.known = new BoundedMap(settings.authCacheMax);
    this.standings = new BoundedMap(settings.authCacheMax);
    this.ahead = new AskedAhead(settings.authCacheMs);
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

  /** A login of one token. Every login has a token of its own; earlier ones keep working. */
  async begin(traderId: TraderId): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + jittered(this.settings.tokenLifetimeMs));
    const login = { traderId, loginId: randomUUID(), sessionUid: null };
    await this.tokens.save({ ...login, hash: hashOf(token), issuedAt: this.issueTime(), expiresAt, used: true });
    return { token, expiresAt };
  }

  /** Lets a token in that the authorization server made: 256 random bits in base64url. */
  admit({ token, ...admission }: RenewableToken): Promise<void> {
    return this.tokens.save({ ...admission, hash: hashOf(token), issuedAt: this.issueTime(), used: false });
  }

  /** What a token stands for; throws `Unauthenticated` where it is none of ours or has ended. */
  async authenticate(token: string): Promise<StoredToken> {
    const now = Date.now();
    const known = this.known.get(token);
    if (known && this.isFresh(known) && isAlive(known.token, now)) {
      this.ahead.ask(token, known.askedMs, () => this.look(token, now));
      return known.token;
    }
    const stored = await this.look(token, now);
    if (!stored || !isAlive(stored, now)) throw new Unauthenticated();
    return stored;
  }

  /** Whether a login goes on, by whichever token. */
  async stands(loginId: string): Promise<boolean> {
    const now = Date.now();
    const known = this.standings.get(loginId);
    if (known && this.isFresh(known)) return known.endsAt > now;
    const { endings } = this;
    const askedMs = performance.now();
    const endsAt = (await this.tokens.endOf(loginId))?.getTime() ?? 0;
    if (endings === this.endings) this.standings.set(loginId, { endsAt, askedMs });
    return endsAt > now;
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
    return () => void this.ended.off(loginId, listener);
  }

  private isFresh({ askedMs }: Pick<Known, 'askedMs'>): boolean {
    return performance.now() - askedMs < this.settings.authCacheMs;
  }

  /** No two at once: which of two tokens is the newer one decides which of them ends. */
  private issueTime(): Date {
    this.issuedMs = Math.max(Date.now(), this.issuedMs + 1);
    return new Date(this.issuedMs);
  }

  private forget(logins: readonly string[]): void {
    this.endings += 1;
    this.known.clear();
    this.standings.clear();
    for (const login of logins) this.ended.emit(login);
  }

  /**
   * Only tokens that exist are remembered, so that guesses cost no memory;
   * nor what was read while a login ended, which may be what has just ended.
   */
  private async look(token: string, now: number): Promise<StoredToken | null> {
    const { endings } = this;
    const askedMs = performance.now();
    const stored = TOKEN_PATTERN.test(token) ? await this.tokens.find(hashOf(token)) : null;
    this.known.delete(token);
    if (!stored) return null;
    if (!stored.used && isAlive(stored, now)) await this.use(stored);
    if (endings === this.endings) this.known.set(token, { token: stored, askedMs });
    return stored;
  }

  /** The first request with a token ends those that it renews, which are good until then. */
  private async use(token: StoredToken): Promise<void> {
    await this.tokens.use(token);
    for (const [key, { token: older }] of this.known)
      if (older.loginId === token.loginId && older.issuedAt < token.issuedAt) this.known.delete(key);
  }
}

const isAlive = ({ expiresAt }: StoredToken, now: number): boolean => expiresAt.getTime() > now;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
