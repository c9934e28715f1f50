import { present } from '@core/kernel/present';
import type { Period } from '@core/xapi/wire/enums';
import type { CandleInPoints } from './candle.ts';
import { KEPT_MINUTES, type ChartPast } from './chart-past.ts';
import type { SimulatedInstrument } from './instrument.ts';
import type { MarketPrice } from './market.ts';
import { availableFromMs, MINUTE_MS, periodStartMs } from './periods.ts';
import { PricePath } from './price-path.ts';

const MONTH_MS = 30 * 86_400_000;

/** One run of a simulator: before its first tick nobody saw the market since `fromMs`, so that time is invented. */
interface Run {
  readonly fromMs: number;
  readonly firstMs: number;
  readonly paths: ReadonlyMap<string, PricePath>;
}

/** Live minutes as ticks made them, of earlier runs too, and before each run an invented past that leads up to it. */
export class CandleSeries {
  private readonly closed = new Map<string, CandleInPoints[]>();
  private readonly current = new Map<string, CandleInPoints>();
  private readonly runs: readonly Run[];

  /** `past`: earlier runs, and this one, which has no minutes yet. */
  constructor(
    seed: string,
    past: ChartPast,
    instruments: Iterable<SimulatedInstrument>,
    private readonly isOpen: (instrument: SimulatedInstrument, at: number) => boolean,
  ) {
    const known = [...instruments];
    this.runs = past.runs.map(({ fromMs, firstMs, prices }) => {
      const path = (instrument: SimulatedInstrument): PricePath =>
        new PricePath(
          `${seed}/${instrument.symbol}`,
          ...[instrument, firstMs, prices[instrument.symbol] ?? instrument.startPrice],
        );
      return { fromMs, firstMs, paths: new Map(known.map((instrument) => [instrument.symbol, path(instrument)])) };
    });
    // The last minute of each goes on where it was left.
    for (const [symbol, candle] of past.minutes()) {
      const before = this.current.get(symbol);
      if (before) this.keep(symbol, before);
      this.current.set(symbol, candle);
    }
  }

  /** Live candles whose minutes begin in [from, to), of all instruments. */
  *minutes(from: number, to: number): Generator<readonly [symbol: string, candle: CandleInPoints]> {
    for (const [symbol, current] of this.current) {
      const closed = this.closed.get(symbol) ?? [];
      const first = closed.findLastIndex(({ start }) => start < from) + 1;
      for (const candle of [...closed.slice(first), current])
        if (candle.start >= from && candle.start < to) yield [symbol, candle];
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

  /** What larger candles are joined from: invented pieces before each run, then its live minutes. */
  private *pieces(instrument: SimulatedInstrument, from: number, now: number): Generator<CandleInPoints> {
    const { symbol } = instrument;
    const current = this.current.get(symbol);
    const live = [...(this.closed.get(symbol) ?? []), ...(current ? [current] : [])];
    for (const [index, { fromMs, firstMs, paths }] of this.runs.entries()) {
      const path = present(paths.get(symbol), `no past of ${symbol}`);
      for (let start = Math.max(from, fromMs); start < firstMs;) {
        const stepMs = stepMsAt(now - start);
        const aligned = start - (start % stepMs);
        const end = Math.min(aligned + stepMs, firstMs);
        if (this.isOpen(instrument, aligned)) yield path.candle(Math.max(aligned, fromMs), end);
        start = end;
      }
      const untilMs = this.runs[index + 1]?.fromMs ?? Infinity;
      for (const candle of live) if (candle.start >= Math.max(from, fromMs) && candle.start < untilMs) yield candle;
    }
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
