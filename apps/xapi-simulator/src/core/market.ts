import { nextServerMidnightMs } from '@core/xapi/wire/server-clock';
import { present } from '@core/kernel/present';
import type { SimulatedInstrument } from './instrument.ts';
import type { Random } from './random.ts';
import { isOpen, type HoursProfile } from './trading-hours.ts';
import type { Points, Ratio } from './units.ts';

/** An instrument's price now. One object for each, changed in place: it is read on every tick. */
export interface MarketPrice {
  readonly instrument: SimulatedInstrument;
  bid: Points;
  ask: Points;
  /** Of the server-local day. */
  high: Points;
  low: Points;
  timestamp: number;
  /** Lots on offer at the base level. */
  askVolume: number;
  bidVolume: number;
  /** While held, the price moves only when it is set. */
  held: boolean;
}

/** How far below its starting price an instrument can walk. */
const FLOOR = 0.2;

/**
 * Prices of everything, a random walk on each. A step moves all open, unheld instruments once; setting a price leaves
 * the walk to go on from there. Triggers are not looked at here: whoever steps or sets tells the broker.
 */
export class Market {
  private readonly quotes = new Map<string, MarketPrice>();
  private readonly walks = new Map<string, Random>();
  private dayEndsMs = 0;

  /** With `alwaysOpen` no instrument ever closes, which is what demonstrations want. */
  constructor(
    readonly instruments: readonly SimulatedInstrument[],
    private readonly random: Random,
    startMs: number,
    private readonly alwaysOpen: () => boolean,
  ) {
    for (const instrument of instruments) this.add(instrument, startMs);
    this.dayEndsMs = nextServerMidnightMs(startMs);
  }

  find(symbol: string): MarketPrice | undefined {
    return this.quotes.get(symbol);
  }

  get(symbol: string): MarketPrice {
    return present(this.quotes.get(symbol), `no instrument ${symbol}`);
  }

  all(): IterableIterator<MarketPrice> {
    return this.quotes.values();
  }

  hoursOf({ hours }: SimulatedInstrument): HoursProfile {
    return this.alwaysOpen() ? 'always' : hours;
  }

  isOpen(instrument: SimulatedInstrument, now: number): boolean {
    return isOpen(this.hoursOf(instrument), now);
  }

  /** Moves every walking price once and returns the quotes that ticked. */
  step(now: number, restlessness: number): MarketPrice[] {
    if (now >= this.dayEndsMs) this.beginDay(now);
    const ticked: MarketPrice[] = [];
    for (const quote of this.quotes.values()) {
      const { instrument } = quote;
      if (quote.held || !this.isOpen(instrument, now)) continue;
      const walk = present(this.walks.get(instrument.symbol), 'every instrument walks');
      const move = Math.round(walk.bell() * instrument.restlessness * restlessness);
      const spread = Math.max(1, Math.round(instrument.spread * (1 + 0.15 * walk.bell())));
      const bid = Math.max(Math.round(instrument.startPrice * FLOOR), quote.bid + move);
      quote.askVolume = walk.between(1, 30);
      quote.bidVolume = walk.between(1, 30);
      this.put(quote, bid, bid + spread, now);
      ticked.push(quote);
    }
    return ticked;
  }

  /** Without an ask the instrument's usual spread is added. */
  set(symbol: string, bid: Points, ask: Points | null, now: number): MarketPrice {
    const quote = this.get(symbol);
    this.put(quote, bid, ask ?? bid + quote.instrument.spread, now);
    return quote;
  }

  /** What one unit of `from` is worth in `to`, by mid prices, through a third currency where there is no pair. */
  rate(from: string, to: string): Ratio {
    if (from === to) return { over: 1n, under: 1n };
    const direct = this.pairRate(from, to);
    if (direct) return direct;
    for (const through of ['USD', 'EUR']) {
      const [first, second] = [this.pairRate(from, through), this.pairRate(through, to)];
      if (first && second) return { over: first.over * second.over, under: first.under * second.under };
    }
    throw new Error(`no price leads from ${from} to ${to}`);
  }

  /** Whether an account in this currency can be valued. */
  converts(currency: string): boolean {
    return currency === 'USD' || this.pairRate(currency, 'USD') !== null;
  }

  private pairRate(from: string, to: string): Ratio | null {
    const forward = this.quotes.get(from + to);
    const backward = forward ?? this.quotes.get(to + from);
    if (!backward) return null;
    const mid = BigInt(backward.bid + backward.ask);
    const one = 2n * 10n ** BigInt(backward.instrument.digits);
    return forward ? { over: mid, under: one } : { over: one, under: mid };
  }

  private put(quote: MarketPrice, bid: Points, ask: Points, now: number): void {
    quote.bid = bid;
    quote.ask = ask;
    quote.high = Math.max(quote.high, bid);
    quote.low = Math.min(quote.low, bid);
    quote.timestamp = now;
  }

  private add(instrument: SimulatedInstrument, now: number): void {
    const { symbol, startPrice: bid, spread } = instrument;
    this.walks.set(symbol, this.random.fork(symbol));
    this.quotes.set(symbol, {
      instrument,
      bid,
      ask: bid + spread,
      high: bid,
      low: bid,
      timestamp: now,
      askVolume: 10,
      bidVolume: 10,
      held: false,
    });
  }

  private beginDay(now: number): void {
    this.dayEndsMs = nextServerMidnightMs(now);
    for (const quote of this.quotes.values()) quote.high = quote.low = quote.bid;
  }
}
