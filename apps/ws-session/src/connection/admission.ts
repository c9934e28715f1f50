import { Injectable } from '@nestjs/common';
import { cellIn, isOfAnother } from '@core/contracts/cell';
import type { Uuid } from '@core/contracts/primitives';
import type { AccessKey } from '@core/registry/entities';
import { hashOf } from '@core/registry/tokens';
import { CellSettings } from '@core/service/service-settings';
import { withTimeout } from '@core/service/with-timeout';
import { AdmissionSettings } from '../config.ts';
import { TokenBuckets } from '@core/kernel/token-bucket';
import { SessionSlots } from './session-slots.ts';

/** Where keys are looked up. Rejects when it cannot say, which is not the same as not knowing the key. */
export abstract class KeyStore {
  abstract find(secret: string): Promise<AccessKey | null>;
  /** The key that a secret opened once and does not now; null for one that nobody gave out. */
  abstract formerOf(secret: string): Promise<AccessKey | null>;
  /** Says which cell a key opens, whichever that is; null where it opens none. */
  abstract readonly cells: { cellOfKey(secret: string): Promise<string | null> };
  abstract all(): Promise<readonly AccessKey[]>;
}

/** A key, and which of its secrets opened it. */
export interface Credential {
  readonly key: AccessKey;
  readonly secretHash: string;
}

export type Admittance =
  | { readonly result: 'success'; readonly credential: Credential }
  /** `elsewhere` is the cell that a key is of, where that is another one; `key` the one that its secret opened once. */
  | { readonly result: 'unauthorized' | 'auth_failed'; readonly elsewhere?: string; readonly key?: AccessKey | null }
  /** `key` has as many sessions as it may; null is somebody who guesses. */
  | { readonly result: 'too_many'; readonly key: AccessKey | null };

/** Where a request to be let in came from, and when. */
interface Arrival {
  readonly address: string;
  readonly now: number;
}

/** Decides who may come in. Those who guess are told so seldom; they refuse nobody who has a key. */
@Injectable()
export class Admission {
  private readonly connects: TokenBuckets;
  private readonly refusals: TokenBuckets;

  constructor(
    private readonly keys: KeyStore,
    private readonly slots: SessionSlots,
    private readonly settings: AdmissionSettings,
    private readonly cell: CellSettings,
  ) {
    this.connects = new TokenBuckets(settings.connectsPerMinute / 60, settings.connectsPerMinute);
    this.refusals = new TokenBuckets(settings.refusalsPerMinute / 60, settings.refusalsPerMinute);
  }

  /** Whether one more connection from an address is within its limit. */
  mayConnect(address: string, now: number): boolean {
    return this.connects.take(address, now);
  }

  /** Whoever is let in holds the slot of `sessionId` until it is freed. */
  async check(secret: string, sessionId: Uuid, { address, now }: Arrival): Promise<Admittance> {
    const key = await this.inTime(this.keys.find(secret));
    if (key === 'unknown') return { result: 'auth_failed' };
    if (!key) {
      const elsewhere = await this.inTime(this.keys.cells.cellOfKey(secret));
      if (elsewhere === 'unknown') return { result: 'auth_failed' };
      if (elsewhere !== null) return { result: 'unauthorized', elsewhere };
      if (isOfAnother(this.cell.cell, secret)) return { result: 'unauthorized', elsewhere: cellIn(secret) };
      return this.refusals.take(address, now) ? this.refused(secret) : { result: 'too_many', key };
    }
    const taking = this.slots.take(key, sessionId);
    const taken = await this.inTime(taking);
    if (taken === 'unknown') {
      const free = (): void => this.slots.free(sessionId);
      taking.then(free, free);
      return { result: 'auth_failed' };
    }
    return taken ? { result: 'success', credential: { key, secretHash: hashOf(secret) } } : { result: 'too_many', key };
  }

  /** Whose it was is for operators. */
  private async refused(secret: string): Promise<Admittance> {
    const key = await this.inTime(this.keys.formerOf(secret));
    return { result: 'unauthorized', key: key === 'unknown' ? null : key };
  }

  /** A store that does not answer in time has not said no. */
  private async inTime<Value>(asked: Promise<Value>): Promise<Value | 'unknown'> {
    return withTimeout(asked, this.settings.keyCheckTimeoutMs, () => 'unknown' as const).catch(() => 'unknown');
  }
}
