import type { AccountId, Venue } from '@core/contracts/primitives';
import { setTimeout as pause } from 'node:timers/promises';
import { planLeases } from './lease-plan.ts';
import type { Lease, LeaseStore } from './lease-store.ts';

export interface LeaseKeeperOptions {
  readonly instance: string;
  readonly renewMs: number;
  readonly accountsMax: number;
}

export interface LeaseListener {
  /** Accounts that somebody should hold. */
  accounts(): readonly AccountId[];
  /** Venues this instance could speak for. */
  venues(): readonly Venue[];
  held(account: AccountId): void;
  /** The lease is gone or is to be given up; resolves when nothing uses it any more. */
  lost(account: AccountId, isAgainstOurWill: boolean): Promise<void>;
  venueHeld(venue: Venue): void;
  venueLost(venue: Venue): Promise<void>;
  /** Nobody can say who holds what: everything stays as it is until somebody can. */
  troubled(error: unknown): void;
}

const accountKey = (account: AccountId): string => `account.${account}`;
const venueKey = (venue: Venue): string => `venue.${venue}`;
const ACCOUNT = 'account.';
const INSTANCE = 'instance.';
/** How long the end waits for what is being let go. */
const GOODBYES_MS = 3_000;

/**
 * Shares accounts out among instances: each round renews what is held, gives up what is beyond a fair share and takes
 * what is free. While NATS is away nothing changes: nobody else can take a lease then either, and nothing can be claimed.
 * No round waits for what is let go: one slow goodbye would cost all other leases. What is given up by our own will is
 * held until nothing uses it any more, and nothing is taken again before.
 */
export class LeaseKeeper {
  private readonly leases = new Map<AccountId, Lease>();
  private readonly venues = new Map<Venue, Lease>();
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private readonly spokenFor = new Set<Venue>();
  /** What is being let go, by key. */
  private readonly leaving = new Map<string, Promise<void>>();
  private isStopped = false;
  private isHurried = false;
  /** Whether a whole round was done: what this instance is to hold, it holds. */
  isSettled = false;

  constructor(
    private readonly store: LeaseStore,
    private readonly options: LeaseKeeperOptions,
    private readonly listener: LeaseListener,
  ) {}

  start(): void {
    this.schedule(0);
  }

  /** Something has changed that the next round would find: it comes at once. */
  hurry(): void {
    this.isHurried = true;
    if (this.timer === undefined) return; // a round is running: the next one follows it
    clearTimeout(this.timer);
    this.schedule(0);
  }

  /** Whether it is clear who speaks for a venue. */
  isSpokenFor(venue: Venue): boolean {
    return this.spokenFor.has(venue);
  }

  /** The fencing token of a lease; 0 without one. */
  token(account: AccountId): number {
    return this.leases.get(account)?.token ?? 0;
  }

  get count(): number {
    return this.leases.size;
  }

  /** Ends after the present round, and gives everything up so that others need not wait. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.round;
    await Promise.race([Promise.all(this.leaving.values()), pause(GOODBYES_MS, undefined, { ref: false })]);
    try {
      const keys = [...[...this.leases.keys()].map(accountKey), ...[...this.venues.keys()].map(venueKey)];
      for (const key of keys) if (!this.leaving.has(key)) await this.store.give(key); // what is in use runs out by itself
      await this.store.give(INSTANCE + this.options.instance);
    } catch (error) {
      this.listener.troubled(error);
    }
  }

  private schedule(ms: number): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.isHurried = false;
      this.round = this.run().finally(() => this.schedule(this.isHurried ? 0 : this.options.renewMs));
    }, ms);
  }

  private async run(): Promise<void> {
    try {
      await this.store.announce(INSTANCE + this.options.instance);
      await this.renew();
      await this.share();
      await this.speak();
      this.isSettled = true;
    } catch (error) {
      this.listener.troubled(error);
    }
  }

  private async renew(): Promise<void> {
    const renewing = [...this.leases].map(async ([account, lease]) => {
      const renewed = await this.store.renew(accountKey(account), lease);
      if (!this.leases.has(account)) return; // given up meanwhile
      if (renewed) this.leases.set(account, renewed);
      else if (this.leases.delete(account)) this.letGo(accountKey(account), () => this.listener.lost(account, true));
    });
    const speaking = [...this.venues].map(async ([venue, lease]) => {
      const renewed = await this.store.renew(venueKey(venue), lease);
      if (!this.venues.has(venue)) return;
      if (renewed) this.venues.set(venue, renewed);
      else if (this.venues.delete(venue)) this.letGo(venueKey(venue), () => this.quiet(venue));
    });
    await Promise.all([...renewing, ...speaking]);
  }

  private async share(): Promise<void> {
    const { listener, store, options } = this;
    const keys = await store.keys();
    const others = [...keys].filter(([key, { isOther }]) => isOther && key.startsWith(ACCOUNT)).map(([key]) => key);
    const { take, give } = planLeases({
      accounts: listener.accounts(),
      held: new Set([...others.map((key) => key.slice(ACCOUNT.length)), ...this.leases.keys()]),
      mine: [...this.leases.keys()],
      instances: [...keys.keys()].filter((key) => key.startsWith(INSTANCE)).length,
      max: options.accountsMax,
    });
    for (const account of give) this.letGo(accountKey(account), () => this.giveUp(account));
    for (const account of take) {
      if (this.leaving.has(accountKey(account))) continue;
      const lease = await store.take(accountKey(account));
      if (!lease) continue;
      this.leases.set(account, lease);
      listener.held(account);
    }
  }

  /** One instance speaks for a venue's prices. */
  private async speak(): Promise<void> {
    const able = new Set(this.listener.venues());
    for (const venue of this.venues.keys())
      if (!able.has(venue)) this.letGo(venueKey(venue), () => this.giveUpVenue(venue));
    for (const venue of able) {
      if (this.venues.has(venue) || this.leaving.has(venueKey(venue))) continue;
      const lease = await this.store.take(venueKey(venue));
      if (lease) {
        this.venues.set(venue, lease);
        this.listener.venueHeld(venue);
      }
      this.spokenFor.add(venue);
    }
  }

  private async giveUp(account: AccountId): Promise<void> {
    await this.listener.lost(account, false);
    if (this.leases.delete(account)) await this.store.give(accountKey(account));
  }

  private async giveUpVenue(venue: Venue): Promise<void> {
    await this.quiet(venue);
    if (this.venues.delete(venue)) await this.store.give(venueKey(venue));
  }

  private quiet(venue: Venue): Promise<void> {
    this.spokenFor.delete(venue);
    return this.listener.venueLost(venue);
  }

  private letGo(key: string, goodbye: () => Promise<void>): void {
    if (this.leaving.has(key)) return;
    const gone = goodbye()
      .catch((error: unknown) => this.listener.troubled(error))
      .finally(() => this.leaving.delete(key));
    this.leaving.set(key, gone);
  }
}
