import type { AccountId, Venue } from '@core/contracts/primitives';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import type { BrokerAdapter, BrokerSession, Prices } from '../broker-adapter.ts';
import { BROKER_ADAPTER, NATS } from '../connector-tokens.ts';
import type { VenueLeases } from '../leases/lease-keeper.ts';
import { ConnectorMetrics } from '../metrics.ts';
import { HeardPrices } from './heard-prices.ts';
import { InstrumentSwitches } from './instrument-switches.ts';
import { MarketSettings, QuestionSettings } from './market-settings.ts';
import { VenueCatalog } from './venue-catalog.ts';
import { VenueMarket } from './venue-market.ts';
import { VenueSessions } from './venue-sessions.ts';

/** An instance that has lost its sessions of a venue speaks on for it so long, before another may. */
const SPEAKS_ON_MS = 15_000;

/** The venues of this process: their instruments, the sessions there are at them, and the markets it speaks for. */
@Injectable()
export class VenueRegistry implements VenueLeases {
  private readonly catalogs = new Map<Venue, VenueCatalog>();
  private readonly switches = new Map<Venue, InstrumentSwitches>();
  private readonly sessions = new Map<Venue, VenueSessions>();
  private readonly markets = new Map<Venue, VenueMarket>();

  private readonly heard: HeardPrices;

  private readonly log = new Logger('Market');

  constructor(
    @Inject(BROKER_ADAPTER) private readonly adapter: BrokerAdapter,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly market: MarketSettings,
    private readonly questions: QuestionSettings,
    private readonly metrics: ConnectorMetrics,
  ) {
    this.heard = new HeardPrices(nats);
  }

  catalogOf(venue: Venue): VenueCatalog {
    const known = this.catalogs.get(venue);
    if (known) return known;
    const catalog = new VenueCatalog();
    this.catalogs.set(venue, catalog);
    return catalog;
  }

  switchesOf(venue: Venue): InstrumentSwitches {
    const known = this.switches.get(venue);
    if (known) return known;
    const switches = new InstrumentSwitches();
    this.switches.set(venue, switches);
    return switches;
  }

  /** This process's own where it speaks for the venue, or else what whoever does says. */
  pricesOf(venue: Venue): Prices {
    return (instrument, side) => {
      const market = this.markets.get(venue);
      return market ? market.price(instrument, side) : this.heard.price(venue, instrument, side);
    };
  }

  /** The markets that this process speaks for. */
  get spokenFor(): ReadonlyMap<Venue, Pick<VenueMarket, 'count' | 'silentMs'>> {
    return this.markets;
  }

  /** An account of ours has a session there, or has lost it. */
  visited(venue: Venue, account: AccountId, session: BrokerSession | null): void {
    this.sessionsAt(venue).visited(account, session);
  }

  /** A request of the account is about to go to the broker. */
  traded(venue: Venue, account: AccountId): void {
    this.sessionsAt(venue).traded(account);
  }

  /** The account is none of ours any more. */
  forget(venue: Venue, account: AccountId): void {
    this.sessions.get(venue)?.forget(account);
  }

  venues(): readonly Venue[] {
    return [...this.sessions].flatMap(([venue, sessions]) => (sessions.wasOpenWithin(SPEAKS_ON_MS) ? [venue] : []));
  }

  venueHeld(venue: Venue): void {
    const { adapter, nats, questions, metrics, log } = this;
    const market = new VenueMarket(venue, {
      ...{ nats, market: this.market, questions, metrics, log },
      catalog: this.catalogOf(venue),
      switches: this.switchesOf(venue),
      candlesBackMs: (period) => adapter.candlesBackMs(period),
      session: () => this.sessionsAt(venue).toAsk(),
    });
    this.markets.set(venue, market);
    this.heard.forget(venue);
    market.start();
  }

  async venueLost(venue: Venue): Promise<void> {
    const market = this.markets.get(venue);
    this.markets.delete(venue);
    await market?.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.markets.values()].map((market) => market.stop()));
  }

  private sessionsAt(venue: Venue): VenueSessions {
    const known = this.sessions.get(venue);
    if (known) return known;
    const sessions = new VenueSessions();
    this.sessions.set(venue, sessions);
    return sessions;
  }
}
