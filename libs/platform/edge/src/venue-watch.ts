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
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: VenueWatchParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { source, registry, retryMs } = this.parts;
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

  private venues(): ReadonlySet<Venue> {
    const { runner, venueOf } = this.parts;
    return new Set([...runner.accounts()].flatMap((account) => venueOf(runner, account) ?? []));
  }
}
