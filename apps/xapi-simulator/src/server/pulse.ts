import { mediumTimeText } from '@core/xapi/wire/server-clock';
import type { SimulatedBroker } from '../core/simulated-broker.ts';
import type { CandleSeries } from '../core/candle-series.ts';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { Market, MarketPrice } from '../core/market.ts';
import type { News } from '../core/news.ts';
import type { Overnight } from '../core/overnight.ts';
import { MINUTE_MS } from '../core/periods.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { quoteIdOf } from '../core/symbol-record.ts';
import type { Triggers } from '../core/triggers.ts';
import { decimalOf, priceText } from '../core/units.ts';
import { floatingProfit } from '../core/valuation.ts';
import type { BrokerAnnouncer } from './announcer.ts';
import type { ClientSessions } from './client-sessions.ts';
import type { Streams } from './streams.ts';
import type { TickSubscriptions } from './tick-subscriptions.ts';

interface Parts {
  readonly scheduler: Scheduler;
  readonly behaviour: () => BehaviourSettings;
  readonly market: Market;
  readonly candles: CandleSeries;
  readonly broker: SimulatedBroker;
  readonly triggers: Triggers;
  readonly overnight: Overnight;
  readonly news: News;
  readonly sessions: ClientSessions;
  readonly streams: Streams;
  readonly ticks: TickSubscriptions;
  readonly announcer: BrokerAnnouncer;
}

/** How soon a market that stood still notices that it is to tick. */
const IDLE_STEP_MS = 1_000;
const EXPIRY_MS = 1_000;

/** Everything that happens because time passes: ticks, candles, keep-alives, floating results, expiries, nights. */
export class Pulse {
  constructor(private readonly parts: Parts) {}

  start(): void {
    const { scheduler, behaviour, triggers, sessions, overnight, news } = this.parts;
    const stepMs = (): number =>
      behaviour().market.ticksPerSecond ? 1_000 / behaviour().market.ticksPerSecond : IDLE_STEP_MS;
    scheduler.every(stepMs, () => this.step());
    scheduler.every(
      () => EXPIRY_MS,
      () => {
        triggers.expire();
        sessions.expireIdle();
      },
    );
    scheduler.every(
      () => behaviour().keepAliveMs,
      () => this.keepAlive(),
    );
    scheduler.every(
      () => behaviour().floatingMs,
      () => this.floating(),
    );
    this.candleAtMinuteEnd();
    overnight.start();
    news.start();
  }

  /** New prices, whoever made them: to the candles, to who listens, and to what they trigger. */
  ticked(quotes: readonly MarketPrice[]): void {
    const { candles, ticks, triggers, broker } = this.parts;
    for (const quote of quotes) {
      candles.tick(quote, broker.time);
      ticks.ticked(quote);
    }
    triggers.pricesMoved(quotes);
  }

  private step(): void {
    const { market, broker, behaviour } = this.parts;
    const { ticksPerSecond, restlessness } = behaviour().market;
    if (ticksPerSecond > 0) this.ticked(market.step(broker.time, restlessness));
  }

  private keepAlive(): void {
    this.parts.streams.broadcast('keepAlive', { timestamp: this.parts.broker.time });
  }

  /** Profit of every open position, and the balance that follows from them, to those who listen. */
  private floating(): void {
    const { broker, market, streams, announcer } = this.parts;
    for (const userId of streams.users()) {
      const account = broker.account(userId);
      if (account.positions.size === 0) continue;
      announcer.balance(userId);
      if (!streams.wanted(userId, 'profit')) continue;
      for (const position of account.positions.values()) {
        const profit = decimalOf(floatingProfit(market, account, position), 2);
        streams.publish(userId, 'profit', {
          order: position.id,
          order2: position.request,
          position: position.id,
          profit,
        });
      }
    }
  }

  private candleAtMinuteEnd(): void {
    const { scheduler, broker } = this.parts;
    const start = broker.time - (broker.time % MINUTE_MS);
    scheduler.after(start + MINUTE_MS - broker.time, () => {
      for (const quote of this.parts.market.all()) this.candle(quote, start);
      this.candleAtMinuteEnd();
    });
  }

  private candle({ instrument }: MarketPrice, start: number): void {
    const { candles, streams } = this.parts;
    const { symbol, digits } = instrument;
    const candle = candles.minute(symbol, start);
    if (!candle) return;
    const record = {
      close: priceText(candle.close, digits),
      ctm: start,
      ctmString: mediumTimeText(start),
      high: priceText(candle.high, digits),
      low: priceText(candle.low, digits),
      open: priceText(candle.open, digits),
      quoteId: quoteIdOf(instrument),
      symbol,
      vol: candle.volume,
    };
    streams.broadcast('candle', record, (subscriber) => subscriber.candles.has(symbol));
  }
}
