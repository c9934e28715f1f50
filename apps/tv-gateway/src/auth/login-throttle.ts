import { BoundedMap } from '@core/kernel/bounded-map';
import type { LoginSettings } from '../config.ts';

interface Failures {
  count: number;
  readonly since: number;
}

/**
 * Counts failed logins by address, by login name and by both, in windows that begin with the first failure.
 * The pair is strict, the name alone is not: a stranger must not be able to lock its owner out cheaply.
 */
export class LoginThrottle {
  private readonly failures: BoundedMap<string, Failures>;

  constructor(private readonly limits: LoginSettings) {
    this.failures = new BoundedMap(limits.trackedMax);
  }

  /** Whether another attempt may be made now. */
  allows(login: string, address: string, now: number): boolean {
    return this.keys(login, address).every(([key, maximum]) => this.countOf(key, now) < maximum);
  }

  failed(login: string, address: string, now: number): void {
    for (const [key] of this.keys(login, address)) {
      const known = this.failures.get(key);
      if (known && now - known.since < this.limits.windowMs) known.count += 1;
      else this.failures.set(key, { count: 1, since: now });
    }
  }

  succeeded(login: string, address: string): void {
    this.failures.delete(pairOf(login, address));
  }

  private countOf(key: string, now: number): number {
    const known = this.failures.get(key);
    return known && now - known.since < this.limits.windowMs ? known.count : 0;
  }

  private keys(login: string, address: string): readonly (readonly [string, number])[] {
    const { failuresMax, failuresPerAddressMax, failuresPerLoginMax } = this.limits;
    return [
      [pairOf(login, address), failuresMax],
      [`address ${address}`, failuresPerAddressMax],
      [`login ${login.toLowerCase()}`, failuresPerLoginMax],
    ];
  }
}

const pairOf = (login: string, address: string): string => `pair ${address} ${login.toLowerCase()}`;
