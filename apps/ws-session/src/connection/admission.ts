import { Injectable } from '@nestjs/common';
import type { AccessKey } from '@core/registry/entities';
import { withTimeout } from '@core/service/with-timeout';
import { AdmissionSettings } from '../config.ts';
import { TokenBuckets } from '@core/kernel/token-bucket';

/** Where keys are looked up. Rejects when it cannot say, which is not the same as not knowing the key. */
export abstract class KeyStore {
  abstract findAccessKey(secret: string): Promise<AccessKey | null>;
  abstract accessKeys(): Promise<readonly AccessKey[]>;
}

export type Admittance =
  | { readonly result: 'success'; readonly key: AccessKey }
  | { readonly result: 'unauthorized' | 'auth_failed' | 'too_many' };

/** Decides who may come in. Those who guess are told so seldom; they refuse nobody who has a key. */
@Injectable()
export class Admission {
  private readonly connects: TokenBuckets;
  private readonly refusals: TokenBuckets;

  constructor(
    private readonly keys: KeyStore,
    private readonly settings: AdmissionSettings,
  ) {
    this.connects = new TokenBuckets(settings.connectsPerMinute / 60, settings.connectsPerMinute);
    this.refusals = new TokenBuckets(settings.refusalsPerMinute / 60, settings.refusalsPerMinute);
  }

  /** Whether one more connection from an address is within its limit. */
  mayConnect(address: string, now: number): boolean {
    return this.connects.take(address, now);
  }

  async check(secret: string, address: string, now: number): Promise<Admittance> {
    const key = await this.find(secret);
    if (key === 'unknown') return { result: 'auth_failed' };
    if (key) return { result: 'success', key };
    return { result: this.refusals.take(address, now) ? 'unauthorized' : 'too_many' };
  }

  /** A store that does not answer in time has not said no. */
  private async find(secret: string): Promise<AccessKey | null | 'unknown'> {
    const { keyCheckTimeoutMs } = this.settings;
    return withTimeout(this.keys.findAccessKey(secret), keyCheckTimeoutMs, () => 'unknown' as const).catch(
      () => 'unknown',
    );
  }
}
