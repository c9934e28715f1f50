import { encodeRecord } from '@core/xapi/wire/encode-frames';
import { DEFAULT_TICK_INTERVAL_MS } from '@core/xapi/wire/streams';
import type { FaultBook } from '../core/faults.ts';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { MarketPrice } from '../core/market.ts';
import { levelOf } from '../core/price-level.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Subscriber } from './streams.ts';

/** How late a tick can be that was held back. */
const SWEEP_MS = 50;

interface TickSubscription {
  readonly subscriber: Subscriber;
  minIntervalMs: number;
  levels: number;
  lastSentAt: number;
}

/**
 * Ticks to those who asked for them, no faster than they asked (seed §6.6). A tick that comes too early is not lost: the
 * price of then is sent when the interval is over. Each level of a tick is written once, however many listen.
 */
export class TickSubscriptions {
  private readonly subscriptions = new Map<string, Map<Subscriber, TickSubscription>>();
  private readonly owed = new Map<TickSubscription, MarketPrice>();
  private sweeping = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly behaviour: () => BehaviourSettings,
    private readonly faults: FaultBook,
  ) {}

  /** Asking again for the same instrument changes the subscription; there is only one. The price now comes at once. */
  subscribe(subscriber: Subscriber, quote: MarketPrice, minArrivalMs: number | null, maxLevel: number | null): void {
    const { symbol, depth } = quote.instrument;
    const subscriptions = this.subscriptions.get(symbol) ?? new Map<Subscriber, TickSubscription>();
    this.subscriptions.set(symbol, subscriptions);
    const minIntervalMs = minArrivalMs || DEFAULT_TICK_INTERVAL_MS;
    const levels = maxLevel === null ? depth : Math.min(depth, Math.max(maxLevel, 0) + 1);
    const subscription = subscriptions.get(subscriber) ?? { subscriber, minIntervalMs, levels, lastSentAt: -Infinity };
    Object.assign(subscription, { minIntervalMs, levels });
    subscriptions.set(subscriber, subscription);
    this.send(subscription, new LevelTexts(quote));
  }

  unsubscribe(subscriber: Subscriber, symbol: string): void {
    const subscription = this.subscriptions.get(symbol)?.get(subscriber);
    if (!subscription) return;
    this.owed.delete(subscription);
    this.subscriptions.get(symbol)?.delete(subscriber);
  }

  drop(subscriber: Subscriber): void {
    for (const symbol of this.subscriptions.keys()) this.unsubscribe(subscriber, symbol);
  }

  /** To be called for every tick. */
  ticked(quote: MarketPrice): void {
    const subscriptions = this.subscriptions.get(quote.instrument.symbol);
    if (!subscriptions || subscriptions.size === 0) return;
    const texts = new LevelTexts(quote);
    const { now } = this.scheduler;
    for (const subscription of subscriptions.values()) {
      if (now - subscription.lastSentAt >= subscription.minIntervalMs) this.send(subscription, texts);
      else this.owed.set(subscription, quote);
    }
    this.sweepLater();
  }

  private sweepLater(): void {
    if (this.sweeping || this.owed.size === 0) return;
    this.sweeping = true;
    this.scheduler.after(SWEEP_MS, () => {
      this.sweeping = false;
      this.sweep();
      this.sweepLater();
    });
  }

  /** Sends what was held back and is due now. */
  private sweep(): void {
    const { now } = this.scheduler;
    for (const [subscription, quote] of this.owed) {
      if (now - subscription.lastSentAt >= subscription.minIntervalMs) this.send(subscription, new LevelTexts(quote));
    }
  }

  private send(subscription: TickSubscription, texts: LevelTexts): void {
    const { connection, session } = subscription.subscriber;
    this.owed.delete(subscription);
    subscription.lastSentAt = this.scheduler.now;
    if (this.faults.strike('mute', session.account.userId, ({ stream }) => stream === 'tickPrices')) return;
    const { duplicateTicks, streamDelayMs } = this.behaviour();
    const deliver = (): void => {
      for (let level = 0; level < subscription.levels; level++) {
        for (let copy = 0; copy < duplicateTicks; copy++) connection.send(texts.at(level));
      }
    };
    if (streamDelayMs === 0) deliver();
    else this.scheduler.after(streamDelayMs, deliver);
  }
}

/** A tick's frames, each written when the first listener needs it. */
class LevelTexts {
  private readonly texts: string[] = [];

  constructor(private readonly quote: MarketPrice) {}

  at(level: number): string {
    return (this.texts[level] ??= encodeRecord('tickPrices', levelOf(this.quote, level)));
  }
}
