import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import { Instrument, type Decimal } from '@core/contracts/primitives';
import { compare, fromNumber, isPositive, round } from '@core/kernel/decimal';
import { instantFromMs } from '@core/kernel/instant';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import type { JsonObject } from '../wire/json-splitter.ts';
import { Digits, isEpochMs, EpochMs } from './bounds.ts';
import { SymbolRecord, type StreamingTickRecord } from '../wire/market-record.ts';

type Tick = Pick<StreamingTickRecord, 'symbol' | 'ask' | 'bid' | 'askVolume' | 'bidVolume' | 'level' | 'timestamp'>;

/** What the record's schema would say of these fields, by hand: every tick of a venue comes by here. */
function isTick(data: JsonObject): data is JsonObject & Tick {
  const { symbol, ask, bid, askVolume, bidVolume, level, timestamp } = data;
  return (
    typeof symbol === 'string' &&
    Number.isFinite(ask) &&
    Number.isFinite(bid) &&
    (askVolume === null || Number.isSafeInteger(askVolume)) &&
    (bidVolume === null || Number.isSafeInteger(bidVolume)) &&
    Number.isSafeInteger(level) &&
    isEpochMs(timestamp)
  );
}

const Priced = SymbolRecord.pick({ ask: true, bid: true }).extend({
  symbol: Instrument,
  precision: Digits,
  time: EpochMs,
});

/** Levels of a book; brokers show five at most. */
const LEVELS_MAX = 10;

/** A level that the newest tick of its instrument leaves behind this far is not there any more: nobody says so. */
const LEVEL_AGE_MS = 60_000;

/**
 * The venue's quotes as they stand, from ticks of any level in any order: the last of each level wins.
 * Ticks without a price (a closed market) and ones that cannot be read change nothing.
 */
export class QuoteBook {
  private readonly ticks = new Map<Instrument, Map<number, Tick>>();
  private readonly moved = new Set<Instrument>();

  /** `digitsOf` is null for instruments nobody knows; their quotes wait until somebody does. */
  constructor(
    private readonly digitsOf: (instrument: Instrument) => number | null,
    private readonly deepestLevel = LEVELS_MAX - 1,
  ) {}

  /** Data of a `tickPrices` frame; false when it cannot be read. */
  take(data: JsonObject): boolean {
    if (!isTick(data)) return false;
    const { symbol, level, timestamp } = data;
    const levels = this.ticks.get(symbol) ?? new Map<number, Tick>();
    const before = levels.get(level);
    if (level > this.deepestLevel || level < 0 || (before && before.timestamp > timestamp)) return true;
    levels.set(level, data);
    this.ticks.set(symbol, levels);
    this.moved.add(symbol);
    return true;
  }

  /** Quotes that moved since the last call. */
  drain(): Quote[] {
    const quotes = [...this.moved].flatMap((instrument) => this.quote(instrument) ?? []);
    this.moved.clear();
    return quotes;
  }

  quote(instrument: Instrument): Quote | null {
    const digits = this.digitsOf(instrument);
    const levels = this.ticks.get(instrument);
    const top = levels?.get(0);
    return digits === null || !levels || !top ? null : quoteOf(top, standing(levels), digits);
  }
}

/** Answer to `getTickPrices` of level 0, in prices of these instruments' digits; what has no price is not among them. */
export function translateTickPrices(
  data: unknown,
  instruments: readonly InstrumentSpec[],
): Result<{ readonly values: Quote[]; readonly unreadable: number }, string> {
  const answer = TickPrices.safeParse(data);
  if (!answer.success) return err(`tick prices cannot be read: ${z.prettifyError(answer.error)}`);
  const digits = new Map(instruments.map(({ instrument, contract }) => [instrument, contract.digits]));
  const ticks = answer.data.quotations.filter(isTick);
  const values = ticks.flatMap((tick) => {
    const known = digits.get(tick.symbol);
    return known === undefined || tick.level !== 0 ? [] : (quoteOf(tick, [tick], known) ?? []);
  });
  return ok({ values, unreadable: answer.data.quotations.length - ticks.length });
}

const TickPrices = z.object({ quotations: z.array(z.record(z.string(), z.unknown())) });

/** The prices that a SYMBOL_RECORD carries; null where it has none. */
export function translateListedPrice(record: unknown): Quote | null {
  const symbol = Priced.safeParse(record);
  if (!symbol.success) return null;
  const { time: timestamp, precision, ...prices } = symbol.data;
  const tick = { ...prices, timestamp, level: 0, askVolume: null, bidVolume: null };
  return quoteOf(tick, [tick], precision);
}

function quoteOf(top: Tick, book: readonly Tick[], digits: number): Quote | null {
  const price = (value: number): Decimal => round(fromNumber(value), digits);
  const [bid, ask] = [price(top.bid), price(top.ask)];
  if (!isPositive(bid) || !isPositive(ask)) return null;
  return {
    instrument: top.symbol,
    bid,
    ask,
    time: instantFromMs(top.timestamp),
    bids: inOrder(
      book.map(({ bid: at, bidVolume }) => [price(at), lots(bidVolume)]),
      -1,
    ),
    asks: inOrder(
      book.map(({ ask: at, askVolume }) => [price(at), lots(askVolume)]),
      1,
    ),
  };
}

/** The levels that are still there, best first. */
function standing(levels: ReadonlyMap<number, Tick>): Tick[] {
  const ticks = [...levels.values()].sort((one, two) => one.level - two.level);
  const newestMs = Math.max(...ticks.map(({ timestamp }) => timestamp));
  return ticks.filter(({ level, timestamp }) => level === 0 || newestMs - timestamp <= LEVEL_AGE_MS);
}

type Level = Quote['bids'][number];

/** Each level worse than the one before: one that the market has moved past is a remainder of an older book. */
function inOrder(levels: readonly Level[], worse: 1 | -1): Level[] {
  const kept: Level[] = [];
  for (const level of levels) {
    const before = kept.at(-1);
    if (isPositive(level[0]) && (!before || compare(level[0], before[0]) === worse)) kept.push(level);
  }
  return kept;
}

const lots = (volume: number | null): Decimal | null => (volume === null ? null : fromNumber(volume));
