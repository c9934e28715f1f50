import type { Quote } from '@core/contracts/market/quote';
import type { Decimal, Instrument } from '@core/contracts/primitives';
import { fromNumber, isPositive, round } from '@core/kernel/decimal';
import { instantFromMs } from '@core/kernel/instant';
import { z } from 'zod';
import { StreamingTickRecord, SymbolRecord } from './wire/market-record.ts';

const Tick = StreamingTickRecord.pick({
  symbol: true,
  ask: true,
  bid: true,
  askVolume: true,
  bidVolume: true,
  level: true,
  timestamp: true,
});
type Tick = z.output<typeof Tick>;

const Priced = SymbolRecord.pick({ symbol: true, ask: true, bid: true, time: true });

/** Levels kept beyond the first; brokers show five at most. */
const DEPTH = 10;

/**
 * The venue's quotes as they stand, from ticks of any level in any order: the last of each level wins.
 * Ticks without a price (a closed market) and ones that cannot be read change nothing.
 */
export class QuoteBook {
  private readonly ticks = new Map<Instrument, Map<number, Tick>>();
  private readonly moved = new Set<Instrument>();

  /** `digitsOf` is null for instruments nobody knows; their quotes wait until somebody does. */
  constructor(private readonly digitsOf: (instrument: Instrument) => number | null) {}

  /** Data of a `tickPrices` frame; false when it cannot be read. */
  take(data: unknown): boolean {
    const tick = Tick.safeParse(data);
    if (!tick.success) return false;
    const { symbol, level, timestamp } = tick.data;
    const levels = this.ticks.get(symbol) ?? new Map<number, Tick>();
    const before = levels.get(level);
    if (level >= DEPTH || level < 0 || (before && before.timestamp > timestamp)) return true;
    levels.set(level, tick.data);
    this.ticks.set(symbol, levels);
    this.moved.add(symbol);
    return true;
  }

  /** The prices of a SYMBOL_RECORD, where no tick has come yet. */
  seed(record: unknown): void {
    const symbol = Priced.safeParse(record);
    if (!symbol.success || this.ticks.has(symbol.data.symbol)) return;
    const { time, ...prices } = symbol.data;
    this.take({ ...prices, timestamp: time, level: 0, askVolume: null, bidVolume: null });
  }

  /** Quotes that moved since the last call. */
  drain(): Quote[] {
    const quotes = [...this.moved].flatMap((instrument) => this.quote(instrument) ?? []);
    this.moved.clear();
    return quotes;
  }

  all(): Quote[] {
    return [...this.ticks.keys()].flatMap((instrument) => this.quote(instrument) ?? []);
  }

  quote(instrument: Instrument): Quote | null {
    const digits = this.digitsOf(instrument);
    const levels = this.ticks.get(instrument);
    const top = levels?.get(0);
    if (digits === null || !levels || !top) return null;
    const price = (value: number): Decimal => round(fromNumber(value), digits);
    const [bid, ask] = [price(top.bid), price(top.ask)];
    if (!isPositive(bid) || !isPositive(ask)) return null;
    const deeper = [...levels.values()].filter(({ level }) => level > 0).sort((one, two) => one.level - two.level);
    return {
      instrument,
      bid,
      ask,
      time: instantFromMs(top.timestamp),
      bids: levelsOf(deeper, ({ bid: at, bidVolume }) => [price(at), lots(bidVolume)]),
      asks: levelsOf(deeper, ({ ask: at, askVolume }) => [price(at), lots(askVolume)]),
    };
  }
}

type Level = Quote['bids'][number];

const levelsOf = (ticks: readonly Tick[], of: (tick: Tick) => Level): Level[] =>
  ticks.map(of).filter(([price]) => isPositive(price));

const lots = (volume: number | null): Decimal | null => (volume === null ? null : fromNumber(volume));
