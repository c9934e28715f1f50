import { MarketView } from '@core/bus/market-view';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import { Health } from '@core/service/health';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { FeedSettings } from '../config.ts';
import { Integrations, MarketSource } from '../ports.ts';

/** Follows the log, and sees to it that the market of every venue is known. */
@Injectable()
export class Following implements OnModuleInit, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<unknown> | null = null;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly market: MarketView,
    private readonly source: MarketSource,
    private readonly settings: FeedSettings,
    integrations: Integrations,
    health: Health,
  ) {
    health.register('caught-up', () => {
      if (!runner.ready) throw new Error('still reading the log');
    });
    health.register('nats', () => source.check());
    health.register('registry', () => integrations.check());
  }

  /** Before anything is taken in: what was begun earlier is known when the first request comes. */
  async onModuleInit(): Promise<void> {
    await this.runner.start();
    await this.look();
    this.timer = setInterval(() => void this.look(), this.settings.marketRetryMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await this.runner.stop();
  }

  /** Venues that nobody has told of yet are asked for; one round at a time. */
  look(): Promise<unknown> {
    const known = [...this.runner.accounts()].map((id) => this.runner.state(accountState, id).registration?.venue);
    const unknown = new Set(known.flatMap((venue) => venue ?? []).filter((venue) => !this.market.instruments(venue)));
    this.looking ??= Promise.all([...unknown].map((venue) => this.source.fetch(this.market, venue))).finally(() => {
      this.looking = null;
    });
    return this.looking;
  }
}
