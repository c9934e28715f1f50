import { MarketView } from '@core/bus/market-view';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Following } from './log/following.ts';
import { Prices } from './market/prices.ts';
import { Sessions } from './connection/sessions.ts';

/** What this process hears on NATS. */
@Controller()
export class FeedController {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly market: MarketView,
    private readonly prices: Prices,
    private readonly sessions: Sessions,
    private readonly following: Following,
  ) {}

  @EventPattern(subjects.feed)
  feed(@Payload() batch: FeedBatch): void {
    this.runner.offer(batch);
  }

  @EventPattern(subjects.quotes('*'))
  quotes(@Payload() body: unknown): void {
    this.prices.take(body);
  }

  @EventPattern(subjects.instruments('*'))
  instruments(@Payload() body: unknown): void {
    this.market.applySnapshot(body);
  }

  @EventPattern(subjects.keyRevoked)
  keyRevoked(@Payload() { keyId }: { readonly keyId: string }): void {
    this.sessions.revoke(keyId);
  }

  @EventPattern(subjects.registryChanged)
  async registryChanged(): Promise<void> {
    await this.following.look();
  }
}
