import { encodeRecord } from '@core/xapi/wire/encode-frames';
import { DEFAULT_TICK_INTERVAL_MS } from '@core/xapi/wire/streams';
import type { FaultBook } from '../core/faults.ts';
import type { Knobs } from '../core/knobs.ts';
import type { Quote } from '../core/market.ts';
import { levelOf } from '../core/price-level.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Subscriber } from './streams.ts';

/** How late a tick can be that was held back. */
const SWEEP_MS = 50;

interface Wish {
  readonly subscriber: Subscriber;
  minIntervalMs: number;
  levels: number;
  lastSentAt: number;
}

/**
 * Ticks to those who asked for them, no faster than they asked (seed §6.6). A tick that comes too early is not lost: the
 * price of then is sent when the interval is over. Each level of a tick is written once, however many listen.
 */
export class TickFeed {
  private readonly wishes = new Map<string, Map<Subscriber, Wish>>();
  private readonly owed = new Map<Wish, Quote>();
  private sweeping = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly knobs: () => Knobs,
    private readonly faults: FaultBook,
  ) {}

  /** Asking again for the same instrument changes the subscription; there is only one. The price now comes at once. */
  subscribe(subscriber: Subscriber, quote: Quote, minArrivalMs: number | null, maxLevel: number | null): void {
    const { symbol, depth } = quote.instrument;
    const wishes = this.wishes.get(symbol) ?? new Map<Subscriber, Wish>();
    this.wishes.set(symbol, wishes);
    const minIntervalMs = minArrivalMs || DEFAULT_TICK_INTERVAL_MS;
    const levels = maxLevel === null ? depth : Math.min(depth, Math.max(maxLevel, 0) + 1);
    const wish = wishes.get(subscriber) ?? { subscriber, minIntervalMs, levels, lastSentAt: -Infinity };
    Object.assign(wish, { minIntervalMs, levels });
    wishes.set(subscriber, wish);
    this.send(wish, new LevelTexts(quote));
  }

  unsubscribe(subscriber: Subscriber, symbol: string): void {
    const wish = this.wishes.get(symbol)?.get(subscriber);
    if (!wish) return;
    this.owed.delete(wish);
    this.wishes.get(symbol)?.delete(subscriber);
  }

  drop(subscriber: Subscriber): void {
    for (const symbol of this.wishes.keys()) this.unsubscribe(subscriber, symbol);
  }

  /** To be called for every tick. */
  ticked(quote: Quote): void {
    const wishes = this.wishes.get(quote.instrument.symbol);
    if (!wishes || wishes.size === 0) return;
    const texts = new LevelTexts(quote);
    const { now } = this.scheduler;
    for (const wish of wishes.values()) {
      if (now - wish.lastSentAt >= wish.minIntervalMs) this.send(wish, texts);
      else this.owed.set(wish, quote);
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
    for (const [wish, quote] of this.owed) {
      if (now - wish.lastSentAt >= wish.minIntervalMs) this.send(wish, new LevelTexts(quote));
    }
  }

  private send(wish: Wish, texts: LevelTexts): void {
    const { connection, session } = wish.subscriber;
    this.owed.delete(wish);
    wish.lastSentAt = this.scheduler.now;
    if (this.faults.strike('mute', session.account.userId, ({ stream }) => stream === 'tickPrices')) return;
    const { duplicateTicks, streamDelayMs } = this.knobs();
    const deliver = (): void => {
      for (let level = 0; level < wish.levels; level++) {
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

  constructor(private readonly quote: Quote) {}

  at(level: number): string {
    return (this.texts[level] ??= encodeRecord('tickPrices', levelOf(this.quote, level)));
  }
}
