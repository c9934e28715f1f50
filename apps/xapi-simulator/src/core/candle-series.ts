import { present } from '@core/kernel/present';
import type { Period } from '@core/xapi/wire/enums';
import type { CandleInPoints } from './candle.ts';
import type { SimulatedInstrument } from './instrument.ts';
import type { MarketPrice } from './market.ts';
import { availableFromMs, MINUTE_MS, periodStartMs } from './periods.ts';
import { PricePath } from './price-path.ts';

/** Live minutes kept for each instrument: five weeks. */
const KEPT_MINUTES = 50_400;
const MONTH_MS = 30 * 86_400_000;

/** Live minutes as ticks made them, and before them an invented past that leads up to the first tick. */
export class CandleSeries {
  private readonly closed = new Map<string, CandleInPoints[]>();
  private readonly current = new Map<string, CandleInPoints>();
  private readonly paths = new Map<string, PricePath>();

  /** `firstMs`: when the market of `quotes` begins to tick, at the prices that they have now. */
  constructor(
    seed: string,
    private readonly firstMs: number,
    quotes: Iterable<MarketPrice>,
    private readonly isOpen: (instrument: SimulatedInstrument, at: number) => boolean,
  ) {
    for (const { instrument, bid } of quotes) {
      this.paths.set(instrument.symbol, new PricePath(`${seed}/${instrument.symbol}`, instrument, firstMs, bid));
    }
  }

  /** Adds a tick to its minute; to the latest one while a clock that was set back catches up. */
  tick({ instrument: { symbol }, bid }: MarketPrice, now: number): void {
    const start = now - (now % MINUTE_MS);
    const candle = this.current.get(symbol);
    if (candle && start <= candle.start) {
      candle.high = Math.max(candle.high, bid);
      candle.low = Math.min(candle.low, bid);
      candle.close = bid;
      candle.volume++;
      return;
    }
    if (candle) this.keep(symbol, candle);
    this.current.set(symbol, { start, open: bid, high: bid, low: bid, close: bid, volume: 1 });
  }

  /** The live candle of the minute that begins at `start`; null when there was no tick in it. */
  minute(symbol: string, start: number): CandleInPoints | null {
    const current = this.current.get(symbol);
    if (current?.start === start) return current;
    return this.closed.get(symbol)?.findLast((candle) => candle.start === start) ?? null;
  }

  /** Candles of a period whose start lies in [from, to), oldest first, the unfinished one included. */
  range(instrument: SimulatedInstrument, period: Period, from: number, to: number, now: number): CandleInPoints[] {
    const candles: CandleInPoints[] = [];
    let last: CandleInPoints | undefined;
    for (const piece of this.pieces(instrument, Math.max(from, availableFromMs(period, now)), now)) {
      const start = periodStartMs(period, piece.start);
      if (start < from) continue;
      if (start >= to) break;
      if (last?.start === start) join(last, piece);
      else candles.push((last = { ...piece, start }));
    }
    return candles;
  }

  /** What larger candles are joined from: invented pieces before the first tick, then live minutes. */
  private *pieces(instrument: SimulatedInstrument, from: number, now: number): Generator<CandleInPoints> {
    const { symbol } = instrument;
    const path = present(this.paths.get(symbol), `no past of ${symbol}`);
    for (let start = from; start < this.firstMs;) {
      const stepMs = stepMsAt(now - start);
      const aligned = start - (start % stepMs);
      const end = Math.min(aligned + stepMs, this.firstMs);
      if (this.isOpen(instrument, aligned)) yield path.candle(aligned, end);
      start = end;
    }
    for (const candle of this.closed.get(symbol) ?? []) if (candle.start >= from) yield candle;
    const current = this.current.get(symbol);
    if (current && current.start >= from) yield current;
  }

  private keep(symbol: string, candle: CandleInPoints): void {
    const kept = this.closed.get(symbol) ?? [];
    this.closed.set(symbol, kept);
    kept.push(candle);
    if (kept.length > KEPT_MINUTES) kept.splice(0, kept.length - KEPT_MINUTES);
  }
}

/** Pieces are as fine as the finest chart of that age; hours are the coarsest that the server's days divide into. */
function stepMsAt(ageMs: number): number {
  if (ageMs <= MONTH_MS) return MINUTE_MS;
  return (ageMs <= 7 * MONTH_MS ? 30 : 60) * MINUTE_MS;
}

function join(whole: CandleInPoints, next: CandleInPoints): void {
  whole.high = Math.max(whole.high, next.high);
  whole.low = Math.min(whole.low, next.low);
  whole.close = next.close;
  whole.volume += next.volume;
}
