import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { TraderId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { ConcurrencyLimit } from '@core/kernel/concurrency-limit';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Registry as Metrics } from 'prom-client';
import { Traders } from '../accounts/traders.ts';
import { AuthSettings, LoginSettings } from '../config.ts';
import { Refused, Unauthenticated } from '../refused.ts';
import { LoginThrottle } from './login-throttle.ts';
import { TokenStore, type StoredToken } from './token-store.ts';

/** 256 random bits in base64url. */
const TOKEN_PATTERN = /^[\w-]{43}$/;

interface Known {
  readonly token: StoredToken;
  readonly askedAt: number;
}

type Checked =
  { readonly outcome: 'ok'; readonly trader: TraderId } | { readonly outcome: 'failed' | 'throttled' | 'busy' };

const NO_LOGIN: Readonly<Record<Exclude<Checked['outcome'], 'ok'>, string>> = {
  failed: 'Login or password is wrong.',
  throttled: 'Too many failed attempts. Please wait a few minutes and try again.',
  busy: 'Too many people log in at the moment. Please try again.',
};

/** Passwords become tokens, tokens become traders. Every login has a token of its own; earlier ones keep working. */
@Injectable()
export class Logins implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Logins.name);
  private readonly throttle: LoginThrottle;
  private readonly concurrency: ConcurrencyLimit;
  /** By token, for a few seconds. */
  private readonly known: BoundedMap<string, Known>;
  private readonly loggedOut = new EventEmitter().setMaxListeners(0);
  private logouts = 0;
  private readonly attempts: Counter<'outcome'>;
  private purge: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: AuthSettings,
    login: LoginSettings,
    private readonly traders: Traders,
    private readonly tokens: TokenStore,
    metrics: Metrics,
  ) {
    this.throttle = new LoginThrottle(login);
    this.known = new BoundedMap(settings.authCacheMax);
    this.concurrency = new ConcurrencyLimit(login.concurrencyMax, login.waitingMax, login.perAddressMax);
    this.attempts = new Counter({
      name: 'tv_logins_total',
      help: 'Logins by outcome',
      labelNames: ['outcome'],
      registers: [metrics],
    });
  }

  onApplicationBootstrap(): void {
    this.purge = setInterval(() => {
      this.tokens.deleteExpired(new Date()).catch((error: unknown) => {
        // They have no power any more: the next round deletes them too.
        this.log.warn({ err: error, msg: 'expired tokens were not deleted' });
      });
    }, this.settings.tokenPurgeMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.purge);
  }

  async login(login: string, password: string, address: string): Promise<{ token: string; expiresAt: Date }> {
    const isAllowed = this.throttle.allows(login, address, Date.now());
    const checked: Checked | null = isAllowed
      ? await this.concurrency.run(address, () => this.check(login, password, address))
      : { outcome: 'throttled' };
    const verdict: Checked = checked ?? { outcome: 'busy' };
    this.attempts.inc({ outcome: verdict.outcome });
    if (verdict.outcome !== 'ok') throw new Refused(NO_LOGIN[verdict.outcome]);
    return this.issue(verdict.trader);
  }

  /** In its turn; whoever waited for it may have been overtaken by failures. */
  private async check(login: string, password: string, address: string): Promise<Checked> {
    if (!this.throttle.begin(login, address, Date.now())) return { outcome: 'throttled' };
    try {
      const trader = await this.traders.verify(login, password);
      if (trader === null) return { outcome: 'failed' };
      this.throttle.succeeded(login, address);
      return { outcome: 'ok', trader };
    } catch (error) {
      this.throttle.undecided(login, address);
      throw error;
    }
  }

  /** The trader a token stands for; throws `Unauthenticated` where it is none of ours or has ended. */
  async authenticate(token: string): Promise<TraderId> {
    const now = Date.now();
    const known = this.known.get(token);
    const fresh = known !== undefined && now - known.askedAt < this.settings.authCacheMs;
    const stored = fresh ? known.token : await this.look(token, now);
    if (!stored || stored.expiresAt.getTime() <= now) throw new Unauthenticated();
    return stored.traderId;
  }

  async logout(token: string): Promise<void> {
    await this.tokens.delete(hashOf(token));
    this.logouts += 1;
    this.known.delete(token);
    this.loggedOut.emit(token);
  }

  /** Calls back when this token is logged out here; returns how to stop that. */
  onLogout(token: string, listener: () => void): () => void {
    this.loggedOut.once(token, listener);
    return () => void this.loggedOut.off(token, listener);
  }

  /**
   * Only tokens that exist are remembered, so that guesses cost no memory;
   * nor what was read while somebody logged out, which may be what has just ended.
   */
  private async look(token: string, askedAt: number): Promise<StoredToken | null> {
    const { logouts } = this;
    const stored = TOKEN_PATTERN.test(token) ? await this.tokens.find(hashOf(token)) : null;
    this.known.delete(token);
    if (!stored) return null;
    if (logouts === this.logouts) this.known.set(token, { token: stored, askedAt });
    return stored;
  }

  private async issue(traderId: TraderId): Promise<{ token: string; expiresAt: Date }> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + this.settings.tokenLifetimeMs);
    await this.tokens.save({ hash: hashOf(token), traderId, expiresAt });
    return { token, expiresAt };
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
