import type { TraderId } from '@core/contracts/primitives';
import { ConcurrencyLimit } from '@core/kernel/concurrency-limit';
import { Injectable } from '@nestjs/common';
import { Counter, Registry as Metrics } from 'prom-client';
import { Traders } from '../accounts/traders.ts';
import { LoginSettings } from '../config.ts';
import { Refused } from '../refused.ts';
import { LoginThrottle } from './login-throttle.ts';

type Checked =
  { readonly outcome: 'ok'; readonly trader: TraderId } | { readonly outcome: 'failed' | 'throttled' | 'busy' };

/** Why nobody was let in. */
export type NoLogin = Exclude<Checked['outcome'], 'ok'>;

export class PasswordRefused extends Refused {
  constructor(readonly reason: NoLogin) {
    super({ key: `login.${reason}` });
  }
}

/** Who somebody is by login and password, wherever they type them: one throttle for every way in. */
@Injectable()
export class Passwords {
  private readonly throttle: LoginThrottle;
  private readonly concurrency: ConcurrencyLimit;
  private readonly attempts: Counter<'outcome'>;

  constructor(
    limits: LoginSettings,
    private readonly traders: Traders,
    metrics: Metrics,
  ) {
    this.throttle = new LoginThrottle(limits);
    this.concurrency = new ConcurrencyLimit(limits.concurrencyMax, limits.waitingMax, limits.perAddressMax);
    this.attempts = new Counter({
      name: 'tv_logins_total',
      help: 'Logins by outcome',
      labelNames: ['outcome'],
      registers: [metrics],
    });
  }

  /** `address` is where it was typed. Throws `PasswordRefused`. */
  async verify(login: string, password: string, address: string): Promise<TraderId> {
    const isAllowed = this.throttle.allows(login, address, performance.now());
    const checked: Checked | null = isAllowed
      ? await this.concurrency.run(address, () => this.check(login, password, address))
      : { outcome: 'throttled' };
    const verdict: Checked = checked ?? { outcome: 'busy' };
    this.attempts.inc({ outcome: verdict.outcome });
    if (verdict.outcome !== 'ok') throw new PasswordRefused(verdict.outcome);
    return verdict.trader;
  }

  /** In its turn; whoever waited for it may have been overtaken by failures. */
  private async check(login: string, password: string, address: string): Promise<Checked> {
    if (!this.throttle.begin(login, address, performance.now())) return { outcome: 'throttled' };
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
}
