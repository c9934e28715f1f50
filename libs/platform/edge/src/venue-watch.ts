import type { MarketView } from '@core/bus/market-view';
import type { AccountId, Venue } from '@core/contracts/primitives';
import { SingleFlight } from '@core/kernel/single-flight';
import type { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { inBackground } from '@core/service/in-background';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { MarketSource } from './edge-adapters.ts';
import type { RegistryNews } from './registry-news.ts';

/** The venue an account trades at, as an edge's projections know it; null before they do. */
export type VenueOf = (runner: ProjectionRunner, account: AccountId) => Venue | null;

export interface VenueWatchParts {
  readonly runner: ProjectionRunner;
  readonly venueOf: VenueOf;
  readonly market: MarketView;
  readonly source: MarketSource;
  readonly registry: RegistryNews;
  readonly retryMs: number;
}

/** Sees to it that the market of every venue is known, or known to be silent: it is broadcast, whoever starts later asks. */
export class VenueWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly round = new SingleFlight();
  private readonly wanted = new Set<Venue>();
  /** Those at which accounts trade: as many venues, or more, as there were. */
  private readonly traded = new Set<Venue>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: VenueWatchParts) {}

  /** Of a venue at which no account need trade. To be called before the process listens. */
  include(venue: Venue): void {
    this.wanted.add(venue);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { runner, source, registry, retryMs } = this.parts;
    this.meet(runner.accounts());
    runner.onReplaced(() => this.meet(runner.accounts()));
    runner.onApplied((events) => this.meet(new Set(events.map(({ subject }) => subject))));
    const look = (): void => inBackground('asking for markets', this.look());
    registry.onChanged(look);
    source.onReconnect(() => inBackground('asking for markets anew', this.ask(this.venues())));
    this.timer = setInterval(look, retryMs);
    await this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.round.idle();
  }

  /** Asks for what nobody has told of yet, one round at a time; who does not answer is asked again with the next. */
  private look(): Promise<void> {
    const { market } = this.parts;
    market.listen();
    return this.round.run(() => this.ask([...this.venues()].filter((venue) => market.instruments(venue) === null)));
  }

  private async ask(venues: Iterable<Venue>): Promise<void> {
    const { source, market } = this.parts;
    const snapshots = await Promise.all([...venues].map((venue) => source.snapshot(venue)));
    for (const snapshot of snapshots) if (snapshot) market.take(snapshot);
  }

  /** A broker's venue, as soon as an account there is known: nobody walks through all accounts again and again. */
  private meet(accounts: Iterable<AccountId>): void {
    const { runner, venueOf } = this.parts;
    for (const account of accounts) {
      const venue = venueOf(runner, account);
      if (venue !== null) this.traded.add(venue);
    }
  }

  private venues(): ReadonlySet<Venue> {
    return new Set([...this.wanted, ...this.traded]);
  }
}
