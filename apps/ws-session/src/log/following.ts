import { MarketView } from '@core/bus/market-view';
import type { RecordedEvent } from '@core/contracts/event';
import { toMs } from '@core/kernel/instant';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Health } from '@core/service/health';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Accounts } from './accounts.ts';
import { KeyStore } from '../connection/admission.ts';
import { AccountSettings } from '../config.ts';
import { LogEpoch } from './log-epoch.ts';
import { MarketSource } from '../market/market-source.ts';
import { SessionMetrics } from '../connection/metrics.ts';
import { Sessions } from '../connection/sessions.ts';

/** Follows the log and tells sessions of it; sees to it that markets and keys are as others know them. */
@Injectable()
export class Following implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly epoch: LogEpoch,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly market: MarketView,
    private readonly source: MarketSource,
    private readonly keys: KeyStore,
    private readonly metrics: SessionMetrics,
    private readonly settings: AccountSettings,
    health: Health,
  ) {
    health.register('caught-up', () => {
      if (!runner.ready) throw new Error('still reading the log');
    });
    health.register('nats', () => source.check());
    health.register('registry', () => keys.ping());
  }

  async onApplicationBootstrap(): Promise<void> {
    this.runner.onEach((event) => this.tell(event));
    await this.epoch.read();
    await this.runner.start();
    await this.look();
    this.timer = setInterval(() => void this.look(), this.settings.lookMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await this.runner.stop();
  }

  /** One round at a time: markets nobody has told of yet, and keys whose revocation may have been missed. */
  look(): Promise<void> {
    return (this.looking ??= Promise.allSettled([this.askMarkets(), this.checkKeys()]).then(() => {
      this.looking = null;
    }));
  }

  private tell(event: RecordedEvent): void {
    this.epoch.see(event);
    const broadcast = this.accounts.broadcast(event);
    if (!broadcast) return;
    this.sessions.tell(broadcast);
    this.metrics.told(Date.now() - toMs(event.recordedtime));
  }

  private async askMarkets(): Promise<void> {
    const venues = new Set([...this.accounts.known()].map(({ venue }) => venue));
    const unknown = [...venues].filter((venue) => this.market.instruments(venue) === null);
    await Promise.all(unknown.map((venue) => this.source.fetch(this.market, venue)));
  }

  private async checkKeys(): Promise<void> {
    if (this.sessions.count.sessions === 0) return;
    const good = new Set((await this.keys.accessKeys()).filter(({ revoked }) => !revoked).map(({ id }) => id));
    for (const { key } of [...this.sessions.live()]) if (!good.has(key.id)) this.sessions.revoke(key.id);
  }
}
