import { BoundedMap } from '@core/kernel/bounded-map';
import type { LoginSettings } from './login-settings.ts';

interface Failures {
  count: number;
  readonly since: number;
}

/**
 * Counts logins that have not succeeded, by address, by login name and by both, in windows that begin with the first.
 * A pair may fail so often, and only once where its address or its name has failed too often in all: guessing is bounded
 * by the pair, and nobody's failures refuse another name at the same address, or its owner at another.
 */
export class LoginThrottle {
  private readonly failures: BoundedMap<string, Failures>;

  constructor(private readonly limits: LoginSettings) {
    this.failures = new BoundedMap(limits.trackedMax);
  }

  /** Whether another attempt may be made now. */
  allows(login: string, address: string, now: number): boolean {
    const { failuresMax, failuresPerAddressMax, failuresPerLoginMax } = this.limits;
    const [pair, ofAddress, ofLogin] = keysOf(login, address);
    const isStrained =
      this.countOf(ofAddress, now) >= failuresPerAddressMax || this.countOf(ofLogin, now) >= failuresPerLoginMax;
    return this.countOf(pair, now) < (isStrained ? 1 : failuresMax);
  }

  /** An attempt counts as failed until it has succeeded, so that many at once are no more than one after the other. */
  begin(login: string, address: string, now: number): boolean {
    if (!this.allows(login, address, now)) return false;
    for (const key of keysOf(login, address)) {
      const known = this.failures.get(key);
      if (known && now - known.since < this.limits.windowMs) known.count += 1;
      else this.failures.set(key, { count: 1, since: now });
    }
    return true;
  }

  succeeded(login: string, address: string): void {
    const [pair] = keysOf(login, address);
    this.undecided(login, address);
    this.failures.delete(pair);
  }

  /** Nobody could say whether it was right. */
  undecided(login: string, address: string): void {
    for (const key of keysOf(login, address)) {
      const known = this.failures.get(key);
      if (known && known.count > 0) known.count -= 1;
    }
  }

  private countOf(key: string, now: number): number {
    const known = this.failures.get(key);
    return known && now - known.since < this.limits.windowMs ? known.count : 0;
  }
}

function keysOf(login: string, address: string): readonly [pair: string, address: string, login: string] {
  const name = login.toLowerCase();
  return [`pair ${address} ${name}`, `address ${address}`, `login ${name}`];
}
