import type { TraderId } from '@core/contracts/primitives';
import { LoginSettings } from '@core/service/login-settings';
import { PasswordDesk, type NoLogin } from '@core/service/password-desk';
import { Injectable } from '@nestjs/common';
import { Counter, Registry as Metrics } from 'prom-client';
import { Traders } from '../accounts/traders.ts';
import { Refused } from '../refused.ts';

export class PasswordRefused extends Refused {
  constructor(readonly reason: NoLogin) {
    super({ key: `login.${reason}` });
  }
}

/** Who somebody is by login and password, wherever they type them: one throttle for every way in. */
@Injectable()
export class Passwords {
  private readonly desk: PasswordDesk<TraderId>;
  private readonly attempts: Counter<'outcome'>;

  constructor(limits: LoginSettings, traders: Traders, metrics: Metrics) {
    this.desk = new PasswordDesk(limits, (login, password) => traders.verify(login, password));
    this.attempts = new Counter({
      name: 'tv_logins_total',
      help: 'Logins by outcome',
      labelNames: ['outcome'],
      registers: [metrics],
    });
  }

  /** `address` is where it was typed. Throws `PasswordRefused`. */
  async verify(login: string, password: string, address: string): Promise<TraderId> {
    const checked = await this.desk.check(login, password, address);
    this.attempts.inc({ outcome: checked.outcome });
    if (checked.outcome !== 'ok') throw new PasswordRefused(checked.outcome);
    return checked.who;
  }

  /** Whether a password may be tried there at all, be it a trader's or not. */
  mayTry(login: string, address: string): boolean {
    return this.desk.mayTry(login, address);
  }
}
