import { MarketView } from '@core/bus/market-view';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TraderAccounts } from '../accounts/trader-accounts.ts';
import { Changes } from './changes.ts';
import { Followers } from './followers.ts';
import { VenueWatch } from './venue-watch.ts';

/** What the gateway hears on NATS. */
@Controller()
export class FeedController {
  constructor(
    private readonly followers: Followers,
    private readonly market: MarketView,
    private readonly changes: Changes,
    private readonly accounts: TraderAccounts,
    private readonly venues: VenueWatch,
  ) {}

  @EventPattern(subjects.feed)
  feed(@Payload() batch: FeedBatch): void {
    this.followers.offer(batch);
  }

  @EventPattern(subjects.quotes('*'))
  quotes(@Payload() body: unknown): void {
    this.market.applyQuotes(body);
    this.changes.pricesMoved();
  }

  @EventPattern(subjects.instruments('*'))
  instruments(@Payload() body: unknown): void {
    this.market.applySnapshot(body);
    this.changes.pricesMoved();
  }

  @EventPattern(subjects.registryChanged)
  registryChanged(): void {
    this.accounts.forget();
    this.venues.lookAgain();
  }
}
