import { z } from 'zod';
import type { CandleInPoints } from './candle.ts';
import { MINUTE_MS } from './periods.ts';
import { Points } from './units.ts';

/** Live minutes kept of each instrument: five weeks. */
export const KEPT_MINUTES = 50_400;

const Prices = z.record(z.string(), Points);
const Candle = z.tuple([Points, Points, Points, Points, z.int().min(1)]);

/** A run of a simulator began with these bids, or the candles of one minute: open, high, low, close, volume. */
export const PastLine = z.union([
  z.strictObject({ firstMs: z.int().min(0), prices: Prices }),
  z.strictObject({ minuteMs: z.int().min(0), candles: z.record(z.string(), Candle) }),
]);
export type PastLine = z.output<typeof PastLine>;
type MinuteLine = Extract<PastLine, { minuteMs: number }>;

interface PastRun {
  /** Where the run before it ended. */
  readonly fromMs: number;
  readonly firstMs: number;
  readonly prices: z.output<typeof Prices>;
}

/** What charts must remember of earlier runs, so that their past is the same after each. */
export class ChartPast {
  readonly runs: PastRun[] = [];
  private readonly kept = new Map<number, MinuteLine>();
  private untilMs = 0;

  /** Takes what was told of an earlier run, in the order in which it was. */
  take(line: PastLine): void {
    if ('prices' in line) return this.begin(line.firstMs, line.prices);
    const before = this.kept.get(line.minuteMs);
    this.kept.set(line.minuteMs, { ...line, candles: { ...before?.candles, ...line.candles } });
    this.untilMs = Math.max(this.untilMs, line.minuteMs + MINUTE_MS);
  }

  /** A run begins at these bids. What lies between it and the one before was seen by nobody. */
  begin(firstMs: number, prices: z.output<typeof Prices>): void {
    this.runs.push({ fromMs: this.untilMs, firstMs, prices });
    this.untilMs = Math.max(this.untilMs, firstMs);
  }

  /** Oldest first. */
  *minutes(): Generator<readonly [symbol: string, candle: CandleInPoints]> {
    for (const { minuteMs: start, candles } of this.newest())
      for (const [symbol, [open, high, low, close, volume]] of Object.entries(candles))
        yield [symbol, { start, open, high, low, close, volume }];
  }

  /** What a later run must be told, in this order. */
  *lines(): Generator<PastLine> {
    let at = 0;
    const minutes = this.newest();
    for (const { firstMs, fromMs, prices } of this.runs) {
      for (; at < minutes.length && (minutes[at]?.minuteMs ?? Infinity) < fromMs; at += 1) {
        const line = minutes[at];
        if (line) yield line;
      }
      yield { firstMs, prices };
    }
    yield* minutes.slice(at);
  }

  private newest(): readonly MinuteLine[] {
    return [...this.kept.values()].toSorted((one, two) => one.minuteMs - two.minuteMs).slice(-KEPT_MINUTES);
  }
}
