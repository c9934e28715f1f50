import type { Candle } from '@core/contracts/market/candle';
import type { Decimal } from '@core/contracts/primitives';
import { maximum, minimum } from '@core/kernel/decimal';
import { toMs } from '@core/kernel/instant';

/** Bid prices of a minute or a day, and how many ticks made them: whoever counts the same ticks has the same bar. */
export interface Bar {
  /** A multiple of a minute; of a day, 00:00 UTC of the trading day. */
  readonly openedAtMs: number;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  /** Ticks; never zero, for a bar without one does not exist. */
  readonly volume: number;
}

export const barOf = (openedAtMs: number, bid: Decimal): Bar => ({
  openedAtMs,
  open: bid,
  high: bid,
  low: bid,
  close: bid,
  volume: 1,
});

/** The bar after one more tick. */
export const withTick = (bar: Bar, bid: Decimal): Bar => joined(bar, barOf(bar.openedAtMs, bid));

/** Both as one that opens where the first does; `later` is what came after it. */
export const joined = (bar: Bar, later: Bar): Bar => ({
  openedAtMs: bar.openedAtMs,
  open: bar.open,
  high: maximum(bar.high, later.high),
  low: minimum(bar.low, later.low),
  close: later.close,
  volume: bar.volume + later.volume,
});

/** A broker's candle. Its volume may be in lots: what is counted here is whole and at least one. */
export const barOfCandle = ({ openedAt, open, high, low, close, volume }: Candle): Bar => ({
  ...{ openedAtMs: toMs(openedAt), open, high, low, close },
  volume: Math.max(1, Math.ceil(Number(volume))),
});
