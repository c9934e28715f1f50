// What a process hears on NATS, one controller for each kind: it subscribes only to what it lists.
import { MarketView } from '@core/bus/market-view';
import { TickFeed } from '@core/bus/tick-feed';
import { readFeedBatch } from '@core/contracts/feed';
import { KeyRevoked } from '@core/contracts/registry-news';
import { subjects } from '@core/contracts/subjects';
import { FeedAlarm } from '@core/projection-runner/feed-alarm';
import { Controller, type Type } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { FeedListener } from './log-subscription.ts';
import { RegistryNews } from './registry-news.ts';

/** For edges and connectors: wants `FeedListener`, `RegistryNews` and `FeedAlarm`. */
@Controller()
export class LogFeedController {
  constructor(
    private readonly log: FeedListener,
    private readonly registry: RegistryNews,
    private readonly alarm: FeedAlarm,
  ) {}

  @EventPattern(subjects.feed)
  feed(@Payload() body: unknown): void {
    const batch = readFeedBatch(body);
    if (batch) this.log.offer(batch);
    else this.alarm.raise('unreadable');
  }

  @EventPattern(subjects.registryChanged)
  registryChanged(): void {
    this.registry.changed();
  }
}

@Controller()
class InstrumentsController {
  constructor(private readonly market: MarketView) {}

  @EventPattern(subjects.instruments('*'))
  instruments(@Payload() body: unknown): void {
    this.market.applySnapshot(body);
  }
}

@Controller()
class QuotesController {
  constructor(private readonly market: MarketView) {}

  @EventPattern(subjects.quotes('*'))
  quotes(@Payload() body: unknown): void {
    this.market.applyQuotes(body);
  }
}

@Controller()
class TicksController {
  constructor(private readonly feed: TickFeed) {}

  @EventPattern(subjects.ticks('*'))
  ticks(@Payload() body: unknown): void {
    this.feed.take(body);
  }
}

@Controller()
class KeysController {
  constructor(private readonly registry: RegistryNews) {}

  @EventPattern(subjects.keyRevoked)
  keyRevoked(@Payload() body: unknown): void {
    const revoked = KeyRevoked.safeParse(body);
    if (revoked.success) this.registry.keyRevoked(revoked.data.keyId);
  }
}

const CONTROLLERS = {
  instruments: InstrumentsController,
  quotes: QuotesController,
  ticks: TicksController,
  keys: KeysController,
} as const satisfies Record<string, Type>;

/** Beside the feed and that the registry changed, which every edge hears. */
export type Heard = keyof typeof CONTROLLERS;

export const hearing = (kinds: readonly Heard[]): Type[] => [
  LogFeedController,
  ...kinds.map((kind): Type => CONTROLLERS[kind]),
];
