import type { IntakeSender } from '@core/bus/intake-sender';
import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Venue } from '@core/contracts/primitives';
import { brokerBook } from '@core/projections/broker-book/fold';
import type { ProjectionRunner } from '@core/projection-runner/projection-runner';
import type { Health } from '@core/service/health';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { setTimeout as pause } from 'node:timers/promises';
import { AccountConnector } from './account-connector.ts';
import type { AccountParts, ConnectedAccount } from './account-parts.ts';
import type { Book } from './optimistic-book.ts';
import { Claims } from '../requests/claims.ts';
import type { ConnectorConfig } from '../../../../apps/xapi-connector/src/config.ts';
import { LeaseKeeper, type LeaseListener } from '../leases/lease-keeper.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import { VenueCatalog } from '../market/venue-catalog.ts';
import { VenueMarket } from '../market/venue-market.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import { candlesBackMs } from '@core/xapi/translate/candle';
import type { XapiSession } from '../../../../apps/xapi-connector/src/xapi-session.ts';
import { Abandonment } from '../requests/abandonment.ts';
import type { AccountDirectory, ListedAccount } from './account-directory.ts';

export type SharedParts = Omit<
  AccountParts,
  'catalog' | 'anyPrice' | 'claimant' | 'credentials' | 'book' | 'onSession'
>;

export interface LifeParts {
  readonly config: ConnectorConfig;
  readonly shared: SharedParts;
  readonly directory: AccountDirectory;
  readonly store: LeaseStore;
  readonly runner: ProjectionRunner;
  readonly intake: IntakeSender;
  readonly nats: NatsConnection;
  readonly metrics: ConnectorMetrics;
  readonly health: Health;
  readonly instance: string;
}

interface Connected {
  readonly connector: AccountConnector;
  readonly listed: ListedAccount;
  session: XapiSession | null;
  /** When it last had one. */
  sessionMs: number;
}

/** An instance that has lost its sessions of a venue speaks on for it so long, before another may. */
const SPEAKS_ON_MS = 15_000;

/** How long events that are on their way may take at the end; what does not make it is told again by the next start. */
const LAST_WORDS_MS = 2_000;

/** Connects the accounts this instance holds leases of, and speaks for their venues. */
export class ConnectorLife implements LeaseListener, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly connected = new Map<AccountId, Connected>();
  private readonly catalogs = new Map<Venue, VenueCatalog>();
  private readonly markets = new Map<Venue, VenueMarket>();
  private readonly keeper: LeaseKeeper;
  private readonly abandonment: Abandonment;
  private reading: NodeJS.Timeout | undefined;

  constructor(private readonly parts: LifeParts) {
    const { config, instance, store } = parts;
    const { leaseRenewMs: renewMs, accountsMax } = config;
    this.keeper = new LeaseKeeper(store, { instance, renewMs, accountsMax }, this);
    this.abandonment = new Abandonment({
      abandonMs: config.abandonMs,
      idle: () => this.idle(),
      requests: (account) => Object.values(this.bookOf(account).requests),
      claim: (account, request) => this.claimsOf(account).claim(request),
      nowMs: () => Date.now(),
    });
    this.watch();
  }

  async onApplicationBootstrap(): Promise<void> {
    const { runner, config } = this.parts;
    runner.onEach((event) => this.learn(event));
    await runner.start();
    await this.readDirectory();
    this.reading = setInterval(() => void this.readDirectory(), config.registryMs);
    this.keeper.start();
    this.abandonment.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.reading);
    await this.abandonment.stop();
    const { intake, runner } = this.parts;
    await Promise.all([...this.markets.values()].map((market) => market.stop()));
    await Promise.all([...this.connected.values()].map(({ connector }) => connector.stop('the connector stopped')));
    const patience = new AbortController();
    await Promise.race([intake.idle(), pause(LAST_WORDS_MS, undefined, { signal: patience.signal, ref: false })]);
    patience.abort();
    await this.keeper.stop();
    await runner.stop();
  }

  /** Accounts were added, disabled, given a new password or moved to another server. */
  async readDirectory(): Promise<void> {
    const { directory, shared } = this.parts;
    try {
      await directory.read();
    } catch (error) {
      shared.log.warn({ reason: String(error), msg: 'the registry cannot be read: accounts stay as they are' });
      return;
    }
    this.keeper.hurry();
    for (const [id, { connector, listed }] of [...this.connected]) {
      const now = directory.account(id);
      if (!now) continue; // its lease is given up with the next round
      if (JSON.stringify(now.server) !== JSON.stringify(listed.server)) await this.reconnect(id, 'its server changed');
      else if (now.secretVersion !== listed.secretVersion) {
        const known = this.connected.get(id);
        if (known) this.connected.set(id, { ...known, listed: now });
        connector.retry();
      }
    }
  }

  /** The log will never hold one of our events. */
  refused(account: AccountId, eventId: string): void {
    this.connected.get(account)?.connector.refused(eventId);
  }

  accounts(): readonly AccountId[] {
    return this.parts.directory.ids;
  }

  venues(): readonly Venue[] {
    const recentMs = performance.now() - SPEAKS_ON_MS;
    const able = [...this.connected.values()].filter(({ session, sessionMs }) => session || sessionMs > recentMs);
    return [...new Set(able.map(({ listed }) => listed.venue))];
  }

  held(account: AccountId): void {
    const listed = this.parts.directory.account(account);
    if (!listed) return;
    const connector = new AccountConnector(listed, this.partsFor(listed));
    this.connected.set(account, { connector, listed, session: null, sessionMs: -Infinity });
    connector.start();
  }

  async lost(account: AccountId, isAgainstOurWill: boolean): Promise<void> {
    if (isAgainstOurWill) this.parts.metrics.leaseLost();
    const known = this.connected.get(account);
    this.connected.delete(account);
    await known?.connector.stop(isAgainstOurWill ? 'the lease was lost' : 'the lease was given up');
  }

  venueHeld(venue: Venue): void {
    const { config, shared, nats, metrics } = this.parts;
    const catalog = this.catalogOf(venue);
    const { log } = shared;
    const session = (): XapiSession | null => this.sessionOf(venue);
    const settings = { market: config, questions: config };
    const market = new VenueMarket(venue, { ...settings, nats, catalog, metrics, log, candlesBackMs, session });
    this.markets.set(venue, market);
    market.start();
  }

  async venueLost(venue: Venue): Promise<void> {
    const market = this.markets.get(venue);
    this.markets.delete(venue);
    await market?.stop();
  }

  troubled(error: unknown): void {
    this.parts.shared.log.warn({
      reason: String(error),
      msg: 'leases cannot be looked after: accounts stay as they are',
    });
  }

  private learn(event: RecordedEvent): void {
    this.connected.get(event.subject)?.connector.learn(event);
  }

  private async reconnect(account: AccountId, reason: string): Promise<void> {
    const connector = this.connected.get(account)?.connector;
    await connector?.stop(reason);
    // Lost or connected anew while it stopped: then it is not ours to connect.
    if (connector && this.connected.get(account)?.connector === connector) this.held(account);
  }

  private partsFor({ venue }: ListedAccount): AccountParts {
    const { shared, directory } = this.parts;
    return {
      ...shared,
      catalog: this.catalogOf(venue),
      anyPrice: (instrument, side) => this.markets.get(venue)?.price(instrument, side) ?? null,
      claimant: (account) => this.claimant(account),
      credentials: (account) => directory.credentials(account),
      book: (account) => this.bookOf(account),
      onSession: (account, session) => this.onSession(account, session),
    };
  }

  /** This instance, and what tells its lease of the account from others'. */
  private claimant(account: AccountId): string {
    return `${this.parts.instance}#${this.keeper.token(account)}`;
  }

  /** The runner's state is typed as not ours to change, and whoever gets it here makes a copy. */
  private bookOf(account: AccountId): Book {
    return this.parts.runner.state(brokerBook, account) as Book;
  }

  /** Accounts of the log that have no session here. */
  private *idle(): Iterable<AccountId> {
    for (const account of this.parts.runner.accounts()) if (!this.connected.get(account)?.session) yield account;
  }

  private claimsOf(account: AccountId): Claims {
    const { shared, metrics, config } = this.parts;
    const { commands, newId } = shared;
    return new Claims(commands, {
      ...{ account, newId, timeoutMs: config.claimTimeoutMs },
      connector: () => this.claimant(account),
      observe: (ms) => metrics.claimed(ms),
    });
  }

  private onSession({ id }: ConnectedAccount, session: XapiSession | null): void {
    const known = this.connected.get(id);
    if (!known) return;
    known.session = session;
    known.sessionMs = performance.now();
    if (session) this.keeper.hurry();
  }

  /** Any of the venue's sessions, by chance: questions about its market are no account's burden more than another's. */
  private sessionOf(venue: Venue): XapiSession | null {
    const ours = [...this.connected.values()].filter(({ listed }) => listed.venue === venue);
    const ready = ours.flatMap(({ session }) => (session?.isOpen ? [session] : []));
    return ready[Math.floor(Math.random() * ready.length)] ?? null;
  }

  private catalogOf(venue: Venue): VenueCatalog {
    const known = this.catalogs.get(venue);
    if (known) return known;
    const catalog = new VenueCatalog();
    this.catalogs.set(venue, catalog);
    return catalog;
  }

  private watch(): void {
    const { health, metrics, nats, runner, directory, intake, shared } = this.parts;
    health.register('nats', async () => void (await nats.rtt()));
    health.register('caught-up', () => {
      if (!runner.ready) throw new Error('still reading the log');
    });
    health.register('registry', () => {
      if (!directory.isKnown) throw new Error('the registry was not read yet');
    });
    health.register('accounts', () => {
      const missing = [...this.connected.values()].filter(
        ({ connector: { status } }) => status !== 'ready' && status !== 'refused',
      );
      if (!this.keeper.isSettled) throw new Error('accounts are not shared out yet');
      if (missing.length > 0) throw new Error(`${missing.length} of ${this.connected.size} accounts have no session`);
      const mute = this.venues().filter((venue) => !this.keeper.isSpokenFor(venue));
      if (mute.length > 0) throw new Error(`nobody tells the prices of ${mute.join(', ')} yet`);
    });
    const count = (status: AccountConnector['status']) => (): number =>
      [...this.connected.values()].filter(({ connector }) => connector.status === status).length;
    metrics.gauge('accounts', 'Accounts whose leases this instance holds', () => this.connected.size);
    metrics.gauge('accounts_ready', 'Accounts with a session', count('ready'));
    metrics.gauge(
      'accounts_drifted',
      'Accounts whose last look at the broker found a drift',
      () => [...this.connected.values()].filter(({ connector }) => !connector.isClean).length,
    );
    metrics.gauge('accounts_refused', 'Accounts whose login was refused for good', count('refused'));
    for (const { address, budget } of shared.egress.all) {
      const from = { address: address ?? 'any' };
      metrics.gauge('connections', 'Connections to brokers', () => budget.open, from);
      metrics.gauge('connections_max', 'Connections to brokers that an address may have', () => budget.max, from);
      metrics.gauge('connections_waiting', 'Sessions that wait for their turn to connect', () => budget.waiters, from);
    }
    metrics.gauge('intake_pending', 'Events that the log has not confirmed', () => intake.pending);
  }
}
