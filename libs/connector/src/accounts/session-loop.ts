import type { AccountId } from '@core/contracts/primitives';
import { backoffMs } from '@core/kernel/backoff';
import type { Credentials } from '@core/registry/registry';
import { BrokerFailure, LoginRefused, NoTurn } from '../broker-failure.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import type { Clock } from '../pacing/clock.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { SessionSettings } from './session-settings.ts';

export type AccountStatus = 'waiting' | 'connecting' | 'ready' | 'refused' | 'stopped';

/** What a session is begun with. */
export interface Attempt {
  /** Reads them now: a password that changes later counts for the next one. */
  credentials(): Promise<Credentials>;
  /** The session has begun. */
  ready(): void;
  /** Ends it at any moment. */
  readonly signal: AbortSignal;
}

type RefusalSetting = 'disabledMinMs' | 'disabledMaxMs' | 'credentialsMinMs' | 'credentialsMaxMs';

export interface SessionLoopParts {
  readonly account: AccountId;
  readonly settings: Pick<
    SessionSettings,
    'backoffMinMs' | 'backoffMaxMs' | 'fullPauseMs' | 'healthyMs' | RefusalSetting
  >;
  readonly clock: Clock;
  readonly metrics: Pick<ConnectorMetrics, 'loginRefused'>;
  readonly log: Pick<Console, 'warn' | 'error'>;
  /** Rejects with `CredentialsUnavailable`. */
  credentials(): Promise<Credentials>;
  /** From 0 to 1: many accounts are not to come back at once. */
  random(): number;
  /** The login was refused, and is not tried again before that long. */
  refused(brokerCode: string, pauseMs: number): void;
  /** One session from login to end; rejects with a `BrokerFailure` when it could not begin. */
  live(attempt: Attempt): Promise<void>;
}

/** Has one session of an account after the other, for as long as it runs, with waits between them that grow. */
export class SessionLoop {
  status: AccountStatus = 'waiting';
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private failures = 0;
  /** Logins refused in a row, whatever came between. */
  private refusals = 0;
  /** Since the last attempt began, or read its credentials. */
  private hasNewPassword = false;
  private readyMs = Infinity;
  private wake: (() => void) | null = null;

  constructor(private readonly parts: SessionLoopParts) {}

  start(): void {
    this.running = this.run();
  }

  /** Ends the session, whatever it is at; resolves when nothing of it is left. */
  async stop(reason: string): Promise<void> {
    this.stopping.abort(new NoTurn(reason));
    this.wake?.();
    await this.running;
    this.status = 'stopped';
  }

  /** The password has changed: tries again at once what was refused, or is just being refused. */
  retry(): void {
    this.hasNewPassword = true;
    this.refusals = 0;
    if (this.status === 'refused') this.wake?.();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { clock, settings } = this.parts;
    while (!signal.aborted) {
      const pauseMs = await this.attempt();
      if (clock.now() - this.readyMs > settings.healthyMs) this.failures = 0;
      if (!signal.aborted) await this.rest(pauseMs ?? this.nextPauseMs());
    }
  }

  /** Gives the pause after it where that is not the usual one. */
  private async attempt(): Promise<number | null> {
    const { account: accountId, clock, log, live } = this.parts;
    this.status = 'connecting';
    this.readyMs = Infinity;
    this.hasNewPassword = false;
    try {
      await live({
        signal: this.stopping.signal,
        credentials: () => this.credentials(),
        ready: () => {
          this.status = 'ready';
          this.refusals = 0;
          this.readyMs = clock.now();
        },
      });
      this.status = 'waiting';
      return null;
    } catch (error) {
      this.status = 'waiting';
      if (error instanceof LoginRefused) return this.afterRefusal(error);
      if (!(error instanceof BrokerFailure)) throw error;
      log.warn({ accountId, reason: error.message, msg: 'no session' });
      return null;
    }
  }

  private afterRefusal({ kind, brokerCode }: LoginRefused): number | null {
    const { account: accountId, metrics, log, random } = this.parts;
    metrics.loginRefused(kind);
    const pauseMs = kind === 'passing' ? null : Math.round(this.refusalPauseMs(kind) * (1 + random()));
    log.error({ accountId, brokerCode, kind, pauseMs, msg: 'login refused' });
    if (pauseMs === null || kind === 'full') return pauseMs;
    if (this.hasNewPassword) return 0;
    this.status = 'refused';
    this.parts.refused(brokerCode, pauseMs);
    return pauseMs;
  }

  /** It grows from one refusal to the next: what is disabled may be allowed again, and a wrong password locks a login. */
  private refusalPauseMs(kind: Exclude<LoginRefused['kind'], 'passing'>): number {
    const { settings } = this.parts;
    if (kind === 'full') return settings.fullPauseMs;
    this.refusals += 1;
    const { disabledMinMs, disabledMaxMs, credentialsMinMs, credentialsMaxMs } = settings;
    return kind === 'disabled'
      ? backoffMs({ minMs: disabledMinMs, maxMs: disabledMaxMs }, this.refusals)
      : backoffMs({ minMs: credentialsMinMs, maxMs: credentialsMaxMs }, this.refusals);
  }

  private credentials(): Promise<Credentials> {
    this.hasNewPassword = false;
    return unlessAborted(this.stopping.signal, this.parts.credentials());
  }

  /** Waits double, each a random part of its whole length. */
  private nextPauseMs(): number {
    const { settings, random } = this.parts;
    this.failures += 1;
    const limits = { minMs: settings.backoffMinMs, maxMs: settings.backoffMaxMs };
    return Math.round(backoffMs(limits, this.failures) * random());
  }

  /** What was refused waits for an operator too. */
  private rest(ms: number): Promise<void> {
    const { clock } = this.parts;
    return new Promise((resolve) => {
      const forget = clock.after(ms, () => this.wake?.());
      this.wake = () => {
        this.wake = null;
        forget();
        resolve();
      };
    });
  }
}
