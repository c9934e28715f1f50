import type { Uuid } from '@core/contracts/primitives';
import { KeyedQueue } from '@core/kernel/keyed-queue';
import type { AccessKey } from '@core/registry/entities';
import { inBackground } from '@core/service/in-background';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AdmissionSettings } from '../config.ts';
import { SessionLeases, type SessionLease } from './session-leases.ts';

/** How often a lease is renewed while it lasts. */
const RENEWALS = 3;

/** What this instance holds of the sessions that keys may have: a slot is free as soon as its session is over. */
@Injectable()
export class SessionSlots implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly held = new Map<Uuid, SessionLease>();
  /** A session that ends frees its slot before the next one asks. */
  private readonly turns: KeyedQueue;
  private readonly freeing = new Set<Promise<unknown>>();
  /** Sessions that are over and not told yet, by key: those of one key that end together are told together. */
  private readonly over = new Map<Uuid, Uuid[]>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly leases: SessionLeases,
    private readonly settings: AdmissionSettings,
  ) {
    this.turns = new KeyedQueue(2 * settings.connectionsMax);
  }

  onApplicationBootstrap(): void {
    const renewing = (): void => inBackground('renewing the leases of sessions', this.renew());
    this.timer = setInterval(renewing, this.settings.sessionLeaseMs / RENEWALS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Whether the key may have one more session; `free` it when it is over, or when it never began. */
  async take({ id: keyId, sessionsMax }: AccessKey, sessionId: Uuid): Promise<boolean> {
    const lease = { sessionId, keyId };
    const max = sessionsMax ?? this.settings.sessionsPerKey;
    const taken = await this.turns.run(keyId, () => this.leases.take(lease, max));
    if (taken === true) this.held.set(sessionId, lease);
    return taken === true;
  }

  /** One that cannot be told now ends with its lease. */
  free(sessionId: Uuid): void {
    const lease = this.held.get(sessionId);
    if (!lease || !this.held.delete(sessionId)) return;
    const { keyId } = lease;
    const others = this.over.get(keyId);
    if (others) return void others.push(sessionId);
    this.over.set(keyId, [sessionId]);
    const freed = this.turns.always(keyId, () => this.release(keyId));
    const settled = freed.finally(() => this.freeing.delete(settled));
    this.freeing.add(settled);
    inBackground('freeing the slot of a session', settled);
  }

  /** Resolves when everything that was freed is told. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.freeing);
  }

  private async release(keyId: Uuid): Promise<void> {
    const ended = this.over.get(keyId) ?? [];
    this.over.delete(keyId);
    await this.leases.release(ended);
  }

  private async renew(): Promise<void> {
    if (this.held.size > 0) await this.leases.renew([...this.held.values()]);
  }
}
