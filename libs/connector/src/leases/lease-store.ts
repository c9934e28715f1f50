import { raiseReplicas } from '@core/bus/stream-replicas';
import { jetStreams } from '@core/contracts/subjects';
import { NatsError, StorageType, type JetStreamClient, type KV, type NatsConnection } from 'nats';

const WRONG_LAST_SEQUENCE = 10_071;

export interface Lease {
  /** Grows with every holder: what names an older one comes from somebody who lost it. */
  readonly token: number;
  readonly revision: number;
}

/** Nobody can say who holds what just now. */
class LeasesUnread extends Error {
  readonly code = 'leases-unread';
}

export interface LeaseStoreOptions {
  /** Connectors of one protocol share its accounts and venues; those of another never meet them. */
  readonly protocol: string;
  readonly instance: string;
  /** Tells a process from an earlier one under the same name, whose leases it takes over at once. */
  readonly incarnation: string;
  readonly ttlMs: number;
  /** On how many servers of a cluster the bucket is kept. */
  readonly replicas: number;
}

/**
 * Keys in a NATS bucket that forgets what is not renewed in time. Taking and renewing compare revisions, so that two
 * instances never hold one key by the bucket's reckoning. A bucket that is gone is made again.
 */
export class LeaseStore {
  private readonly jetstream: JetStreamClient;
  private readonly holder: Uint8Array;
  private bucket: KV | null = null;
  private isRaised = false;

  private readonly instance: string;

  constructor(
    private readonly nats: NatsConnection,
    private readonly options: LeaseStoreOptions,
  ) {
    const { instance, incarnation } = options;
    this.jetstream = nats.jetstream();
    this.instance = instance;
    this.holder = Buffer.from(`${instance}/${incarnation}`);
  }

  /** Every key that somebody holds, and whether that is an instance other than this by name; or rejects, in bounded time. */
  async keys(): Promise<Map<string, { readonly isOther: boolean }>> {
    const bucket = await this.open();
    const keys = new Map<string, { readonly isOther: boolean }>();
    const entries = await bucket.history();
    // The client waits for as many entries as there were: one that expires meanwhile may never come.
    const late = setTimeout(
      () => entries.stop(new LeasesUnread('they could not be listed in time')),
      this.options.ttlMs / 2,
    );
    try {
      for await (const { key, operation, value } of entries) {
        if (operation === 'PUT') keys.set(key, { isOther: !this.isOurName(value) });
        else keys.delete(key);
      }
    } finally {
      clearTimeout(late);
    }
    return keys;
  }

  /**
   * Tells that this instance lives. The first thing of each round: a bucket that is gone is noticed here, and one that is
   * not on as many servers as it is to be is opened once more.
   */
  async announce(key: string): Promise<void> {
    if (!this.isRaised) this.bucket = null;
    const bucket = await this.open();
    try {
      await bucket.put(key, this.holder);
    } catch (error) {
      this.bucket = null;
      throw error;
    }
  }

  /** Null: somebody else has it. */
  async take(key: string): Promise<Lease | null> {
    const bucket = await this.open();
    try {
      return leaseOf(await bucket.create(key, this.holder));
    } catch (error) {
      const entry = await bucket.get(key);
      if (entry?.operation === 'PUT') {
        return this.isOurName(entry.value) ? leaseOf(await bucket.update(key, this.holder, entry.revision)) : null;
      }
      // It ran out between the two questions: the next round takes it.
      if (error instanceof NatsError && error.api_error?.err_code === WRONG_LAST_SEQUENCE) return null;
      throw error;
    }
  }

  /** Null: it was lost to somebody else. Rejects while nobody can say. */
  async renew(key: string, { token, revision }: Lease): Promise<Lease | null> {
    const bucket = await this.open();
    try {
      return { token, revision: await bucket.update(key, this.holder, revision) };
    } catch {
      return this.regain(key);
    }
  }

  async give(key: string): Promise<void> {
    const bucket = await this.open();
    await bucket.delete(key);
  }

  /** A renewal that failed: expired and free, ours after all, or somebody else's. */
  private async regain(key: string): Promise<Lease | null> {
    this.bucket = null;
    const bucket = await this.open();
    const entry = await bucket.get(key);
    if (entry?.operation !== 'PUT') return this.take(key);
    return Buffer.compare(entry.value, this.holder) === 0 ? leaseOf(entry.revision) : null;
  }

  private isOurName(value: Uint8Array): boolean {
    return Buffer.from(value).toString().startsWith(`${this.instance}/`);
  }

  private async open(): Promise<KV> {
    return (this.bucket ??= await this.opened());
  }

  /** Its leader alone is asked: another server of a cluster may not have heard yet who holds what. */
  private async opened(): Promise<KV> {
    const { protocol, ttlMs: ttl, replicas } = this.options;
    const kept = { history: 1, ttl, storage: StorageType.File, replicas, allow_direct: false };
    const bucket = await this.jetstream.views.kv(jetStreams.leases(protocol), kept);
    const { streamInfo } = await bucket.status();
    const { config } = await raiseReplicas(await this.nats.jetstreamManager(), streamInfo, replicas);
    this.isRaised = config.num_replicas >= replicas;
    return bucket;
  }
}

const leaseOf = (revision: number): Lease => ({ token: revision, revision });
