import type { Candle, CandlePeriod } from '@core/contracts/market/candle';
import type { Instrument } from '@core/contracts/primitives';
import { endedByMs, periodMs } from '@core/xapi/translate/candle';

export interface BlockOptions {
  /** Periods in one block. */
  readonly size: number;
  /** How long a running candle is believed. */
  readonly freshMs: number;
  /** Candles kept, of all instruments and periods. */
  readonly candlesMax: number;
}

/** All candles of a series that open within one stretch of time. */
export interface Block {
  readonly candles: readonly Candle[];
  /** What opened before it can change no more: asking again begins there. */
  readonly endedBeforeMs: number;
  /** In the clock of `performance.now()`; for ever once nothing of it can change. */
  readonly freshUntilMs: number;
}

/** Brokers bring their charts up to date once a minute. */
const SETTLE_MS = 60_000;
/** A closed stretch without candles: the market was closed, or the broker's charts were. */
const EMPTY_MS = 600_000;

/**
 * Candles as they were read, in blocks of time that begin at the same moments for everyone: whoever asks for the same
 * time finds the same blocks. What was used last stays longest.
 */
export class CandleBlocks {
  private readonly blocks = new Map<string, Block>();
  private kept = 0;

  constructor(readonly options: BlockOptions) {}

  /** Candles in memory, and one for each block. */
  get count(): number {
    return this.kept;
  }

  /** Where the block of a moment begins. */
  startOf(period: CandlePeriod, atMs: number): number {
    return Math.floor(atMs / this.spanMs(period)) * this.spanMs(period);
  }

  endOf(period: CandlePeriod, startMs: number): number {
    return startMs + this.spanMs(period);
  }

  get(instrument: Instrument, period: CandlePeriod, startMs: number): Block | null {
    const key = keyOf(instrument, period, startMs);
    const block = this.blocks.get(key);
    if (!block) return null;
    this.blocks.delete(key);
    this.blocks.set(key, block);
    return block;
  }

  /** Keeps what was read at a moment of the broker's clock: the whole block, as far as there is one already. */
  put(
    instrument: Instrument,
    period: CandlePeriod,
    startMs: number,
    candles: readonly Candle[],
    readMs: number,
  ): Block {
    const block = this.blockOf(period, startMs, candles, readMs);
    const key = keyOf(instrument, period, startMs);
    this.drop(key);
    this.blocks.set(key, block);
    this.kept += weightOf(block);
    for (const oldest of this.blocks.keys()) {
      if (this.kept <= this.options.candlesMax) break;
      this.drop(oldest);
    }
    return block;
  }

  private blockOf(period: CandlePeriod, startMs: number, candles: readonly Candle[], readMs: number): Block {
    const endMs = this.endOf(period, startMs);
    const endedMs = readMs - SETTLE_MS - endedByMs(period, 0);
    const ageMs = endedMs < endMs ? this.options.freshMs : candles.length === 0 ? EMPTY_MS : Infinity;
    return {
      candles,
      endedBeforeMs: Math.min(endMs, Math.max(startMs, endedMs)),
      freshUntilMs: performance.now() + ageMs,
    };
  }

  private drop(key: string): void {
    const block = this.blocks.get(key);
    if (block) this.kept -= weightOf(block);
    this.blocks.delete(key);
  }

  private spanMs(period: CandlePeriod): number {
    return this.options.size * periodMs(period);
  }
}

/** A block without candles takes room too. */
const weightOf = ({ candles }: Block): number => candles.length + 1;

const keyOf = (instrument: Instrument, period: CandlePeriod, startMs: number): string =>
  `${period} ${startMs} ${instrument}`;
