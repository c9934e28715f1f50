import { ConcurrencyLimit } from '@core/kernel/concurrency-limit';
import type { LoginSettings } from './login-settings.ts';
import { LoginThrottle } from './login-throttle.ts';

export type CheckedLogin<Who> =
  { readonly outcome: 'ok'; readonly who: Who } | { readonly outcome: 'failed' | 'throttled' | 'busy' };

/** Why nobody was let in. */
export type NoLogin = Exclude<CheckedLogin<never>['outcome'], 'ok'>;

/** Where logins and passwords are checked: a few at a time, and no more often than a person types. */
export class PasswordDesk<Who> {
  private readonly throttle: LoginThrottle;
  private readonly concurrency: ConcurrencyLimit;

  /** `verify` resolves to null for whoever is nobody. */
  constructor(
    limits: LoginSettings,
    private readonly verify: (login: string, password: string) => Promise<Who | null>,
  ) {
    this.throttle = new LoginThrottle(limits);
    this.concurrency = new ConcurrencyLimit(limits.concurrencyMax, limits.waitingMax, limits.perAddressMax);
  }

  /** `address` is where it was typed. */
  async check(login: string, password: string, address: string): Promise<CheckedLogin<Who>> {
    if (!this.mayTry(login, address)) return { outcome: 'throttled' };
    const checked = await this.concurrency.run(address, () => this.inTurn(login, password, address));
    return checked ?? { outcome: 'busy' };
  }

  /** Whether a password may be tried there at all, be it somebody's or not. */
  mayTry(login: string, address: string): boolean {
    return this.throttle.allows(login, address, performance.now());
  }

  /** Whoever waited for it may have been overtaken by failures. */
  private async inTurn(login: string, password: string, address: string): Promise<CheckedLogin<Who>> {
    if (!this.throttle.begin(login, address, performance.now())) return { outcome: 'throttled' };
    try {
      const who = await this.verify(login, password);
      if (who === null) return { outcome: 'failed' };
      this.throttle.succeeded(login, address);
      return { outcome: 'ok', who };
    } catch (error) {
      this.throttle.undecided(login, address);
      throw error;
    }
  }
}
