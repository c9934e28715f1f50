import { MarketView } from '@core/bus/market-view';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

/** What this process hears on NATS. Prices are none of its business. */
@Controller()
export class FeedController {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly market: MarketView,
  ) {}

  @EventPattern(subjects.feed)
  feed(@Payload() batch: FeedBatch): void {
    this.runner.offer(batch);
  }

  @EventPattern(subjects.instruments('*'))
  instruments(@Payload() body: unknown): void {
    this.market.applySnapshot(body);
  }
}
