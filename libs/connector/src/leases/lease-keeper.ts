import type { AccountId, Venue } from '@core/contracts/primitives';
import { withTimeout } from '@core/service/with-timeout';
import { HeldLeases } from './held-leases.ts';
import { planLeases } from './lease-plan.ts';
import type { LeaseStore } from './lease-store.ts';

export interface LeaseKeeperOptions {
  readonly instance: string;
  readonly renewMs: number;
  readonly accountsMax: number;
}

/** Whoever uses the leases of accounts. */
export interface AccountLeases {
  /** Accounts that somebody should hold. */
  accounts(): readonly AccountId[];
  held(account: AccountId): void;
  /** The lease is gone or is to be given up; resolves when nothing uses it any more. */
  lost(account: AccountId, isAgainstOurWill: boolean): Promise<void>;
}

/** Whoever uses the leases of venues: one instance speaks for each. */
export interface VenueLeases {
  /** Venues this instance could speak for. */
  venues(): readonly Venue[];
  venueHeld(venue: Venue): void;
  venueLost(venue: Venue): Promise<void>;
}

interface LeaseUsers {
  readonly accounts: AccountLeases;
  readonly venues: VenueLeases;
}

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
  private readonly accounts: HeldLeases<AccountId>;
  private readonly venues: HeldLeases<Venue>;
  private users: LeaseUsers | null = null;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  /** Venues of which it is clear who speaks for them. */
  private readonly spokenFor = new Set<Venue>();
  private isStopped = false;
  private isHurried = false;
  /** Whether a whole round was done: what this instance is to hold, it holds. */
  isSettled = false;

  /** `onTrouble`: nobody can say who holds what; everything stays as it is until somebody can. */
  constructor(
    private readonly store: LeaseStore,
    private readonly options: LeaseKeeperOptions,
    private readonly onTrouble: (error: unknown) => void,
  ) {
    this.accounts = new HeldLeases(store, 'account.', onTrouble);
    this.venues = new HeldLeases(store, 'venue.', onTrouble);
  }

  start(accounts: AccountLeases, venues: VenueLeases): void {
    this.users = { accounts, venues };
    this.schedule(this.users, 0);
  }

  /** Something has changed that the next round would find: it comes at once. */
  hurry(): void {
    this.isHurried = true;
    if (this.timer === undefined || !this.users) return; // a round is running: the next one follows it
    clearTimeout(this.timer);
    this.schedule(this.users, 0);
  }

  /** Whether it is clear who speaks for a venue. */
  isSpokenFor(venue: Venue): boolean {
    return this.spokenFor.has(venue);
  }

  /** The fencing token of an account's lease; 0 without one. */
  token(account: AccountId): number {
    return this.accounts.token(account);
  }

  get count(): number {
    return this.accounts.count;
  }

  /** Ends after the present round, and gives everything up so that others need not wait. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.round;
    const goodbyes = Promise.all([this.accounts.settled(), this.venues.settled()]);
    await withTimeout(goodbyes, GOODBYES_MS, () => undefined);
    try {
      await this.accounts.free();
      await this.venues.free();
      await this.store.give(INSTANCE + this.options.instance);
    } catch (error) {
      this.onTrouble(error);
    }
  }

  private schedule(users: LeaseUsers, ms: number): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.isHurried = false;
      this.round = this.run(users).finally(() => this.schedule(users, this.isHurried ? 0 : this.options.renewMs));
    }, ms);
  }

  private async run({ accounts, venues }: LeaseUsers): Promise<void> {
    try {
      await this.store.announce(INSTANCE + this.options.instance);
      await Promise.all([
        this.accounts.renew((account) => accounts.lost(account, true)),
        this.venues.renew((venue) => this.quiet(venues, venue)),
      ]);
      await this.share(accounts);
      await this.speak(venues);
      this.isSettled = true;
    } catch (error) {
      this.onTrouble(error);
    }
  }

  private async share(users: AccountLeases): Promise<void> {
    const { accounts, store, options } = this;
    const keys = await store.keys();
    const others = [...keys].filter(([key, { isOther }]) => isOther && key.startsWith(accounts.prefix));
    const { take, give } = planLeases({
      accounts: users.accounts(),
      held: new Set([...others.map(([key]) => key.slice(accounts.prefix.length)), ...accounts.ids()]),
      mine: accounts.ids(),
      instances: [...keys.keys()].filter((key) => key.startsWith(INSTANCE)).length,
      max: options.accountsMax,
    });
    for (const account of give) accounts.giveUp(account, () => users.lost(account, false));
    for (const account of take) {
      if (accounts.isLeaving(account)) continue;
      if (await accounts.take(account)) users.held(account);
    }
  }

  /** One instance speaks for a venue's prices. */
  private async speak(users: VenueLeases): Promise<void> {
    const able = new Set(users.venues());
    for (const venue of this.venues.ids())
      if (!able.has(venue)) this.venues.giveUp(venue, () => this.quiet(users, venue));
    for (const venue of able) {
      if (this.venues.has(venue) || this.venues.isLeaving(venue)) continue;
      if (await this.venues.take(venue)) users.venueHeld(venue);
      this.spokenFor.add(venue);
    }
  }

  private quiet(users: VenueLeases, venue: Venue): Promise<void> {
    this.spokenFor.delete(venue);
    return users.venueLost(venue);
  }
}
