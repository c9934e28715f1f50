import type { AccountId, Venue } from '@core/contracts/primitives';
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
  /** The lease is gone or about to be; resolves when nothing uses it any more. */
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

/**
 * Shares accounts out among instances: each round renews what is held, gives up what is beyond a fair share and takes
 * what is free. While NATS is away nothing changes: nobody else can take a lease then either, and nothing can be claimed.
 */
export class LeaseKeeper {
  private readonly leases = new Map<AccountId, Lease>();
  private readonly venues = new Map<Venue, Lease>();
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private readonly spokenFor = new Set<Venue>();
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
    try {
      for (const account of this.leases.keys()) await this.store.give(accountKey(account));
      for (const venue of this.venues.keys()) await this.store.give(venueKey(venue));
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
    for (const [account, lease] of [...this.leases]) {
      const renewed = await this.store.renew(accountKey(account), lease);
      if (renewed) this.leases.set(account, renewed);
      else await this.lose(account, true);
    }
    for (const [venue, lease] of [...this.venues]) {
      const renewed = await this.store.renew(venueKey(venue), lease);
      if (renewed) this.venues.set(venue, renewed);
      else await this.loseVenue(venue);
    }
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
    for (const account of give) {
      await this.lose(account, false);
      await store.give(accountKey(account));
    }
    for (const account of take) {
      const lease = await store.take(accountKey(account));
      if (!lease) continue;
      this.leases.set(account, lease);
      listener.held(account);
    }
  }

  /** One instance speaks for a venue's prices. */
  private async speak(): Promise<void> {
    const able = new Set(this.listener.venues());
    for (const venue of [...this.venues.keys()]) {
      if (able.has(venue)) continue;
      await this.loseVenue(venue);
      await this.store.give(venueKey(venue));
    }
    for (const venue of able) {
      if (this.venues.has(venue)) continue;
      const lease = await this.store.take(venueKey(venue));
      if (lease) {
        this.venues.set(venue, lease);
        this.listener.venueHeld(venue);
      }
      this.spokenFor.add(venue);
    }
  }

  private async lose(account: AccountId, isAgainstOurWill: boolean): Promise<void> {
    this.leases.delete(account);
    await this.listener.lost(account, isAgainstOurWill);
  }

  private async loseVenue(venue: Venue): Promise<void> {
    this.venues.delete(venue);
    this.spokenFor.delete(venue);
    await this.listener.venueLost(venue);
  }
}
