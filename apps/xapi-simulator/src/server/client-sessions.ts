import { BoundedMap } from '@core/kernel/bounded-map';
import type { XapiErrorCode } from '@core/xapi/wire/error-codes';
import type { SimulatedAccount } from '../core/account.ts';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { Random } from '../core/random.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { ClientConnection } from './client-connection.ts';

/** A login on a main connection; its token opens streams for as long as it lasts (seed §5.1 and §6). */
export interface ClientSession {
  readonly token: string;
  readonly account: SimulatedAccount;
  readonly connection: ClientConnection;
  lastActiveAt: number;
  /** Its commands are answered with BE200 for as long as its connection lasts. */
  expired: boolean;
}

export type LoginOutcome = { readonly session: ClientSession } | { readonly error: XapiErrorCode };

const LOCKS_MAX = 10_000;

/** Who is logged in, and who may not be. */
export class ClientSessions {
  private readonly byConnection = new Map<ClientConnection, ClientSession>();
  private readonly byToken = new Map<string, ClientSession>();
  /** Until when a login and password that did not fit are refused unseen. Wrong passwords must not fill the memory. */
  private readonly lockedUntil = new BoundedMap<string, number>(LOCKS_MAX);

  constructor(
    private readonly accounts: ReadonlyMap<string, SimulatedAccount>,
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    private readonly behaviour: () => BehaviourSettings,
    private readonly ended: (session: ClientSession) => void,
  ) {}

  get count(): number {
    return this.byToken.size;
  }

  of(connection: ClientConnection): ClientSession | undefined {
    return this.byConnection.get(connection);
  }

  withToken(token: string): ClientSession | undefined {
    return this.byToken.get(token);
  }

  ofUser(userId: string): readonly ClientSession[] {
    return [...this.byToken.values()].filter(({ account }) => account.userId === userId);
  }

  login(connection: ClientConnection, userId: string, password: string): LoginOutcome {
    if (this.byConnection.has(connection)) return { error: 'BE118' };
    const { login } = this.behaviour();
    if (login.blacklist.includes(userId)) return { error: 'EX010' };
    const { now } = this.scheduler;
    const pair = JSON.stringify([userId, password]);
    if ((this.lockedUntil.get(pair) ?? 0) > now) return { error: 'EX007' };
    const account = this.accounts.get(userId);
    if (!account || account.password !== password) {
      this.lockedUntil.set(pair, now + login.lockoutMs);
      return { error: 'BE005' };
    }
    if (account.loginDisabled) return { error: 'BE004' };
    const token = `${this.random.hex(16)}-${this.random.hex(8)}-${this.random.hex(8)}`;
    const session: ClientSession = { token, account, connection, lastActiveAt: now, expired: false };
    this.byConnection.set(connection, session);
    this.byToken.set(token, session);
    connection.userId = userId;
    return { session };
  }

  /** Whether nothing came for too long. */
  hasExpired(session: ClientSession): boolean {
    if (this.scheduler.now - session.lastActiveAt > this.behaviour().sessionIdleMs) this.expire(session);
    return session.expired;
  }

  /** Ends the streams of those that have said nothing for too long. To be called now and then. */
  expireIdle(): void {
    for (const session of this.byToken.values()) this.hasExpired(session);
  }

  touch(session: ClientSession): void {
    session.lastActiveAt = this.scheduler.now;
  }

  /** As if nothing had come for too long: the next command is answered with BE200, and no token revives it. */
  expire(session: ClientSession): void {
    session.expired = true;
    this.forgetToken(session);
  }

  /** The connection is as if nobody had logged in. */
  end(session: ClientSession): void {
    this.byConnection.delete(session.connection);
    this.forgetToken(session);
  }

  /** The token is worth nothing from now on, streams included. */
  private forgetToken(session: ClientSession): void {
    if (this.byToken.delete(session.token)) this.ended(session);
  }
}
