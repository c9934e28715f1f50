import { PERIOD_MS, type Candle, type CandlePeriod } from '@core/contracts/market/candle';
import type { Instrument } from '@core/contracts/primitives';
import type { Clock } from '../pacing/clock.ts';

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
  /** In the clock of the blocks; for ever once nothing of it can change. */
  readonly freshUntilMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Brokers bring their charts up to date once a minute. */
const SETTLE_MS = 60_000;
/** A closed stretch without candles: the market was closed, or the broker's charts were. */
const EMPTY_MS = 600_000;

/** When a candle has surely ended, after its opening: from four hours on they follow the wall clock of their venue. */
export function longestMs(period: CandlePeriod): number {
  if (period === 'MN1') return 31 * DAY_MS + HOUR_MS;
  return PERIOD_MS[period] + (PERIOD_MS[period] > HOUR_MS ? HOUR_MS : 0);
}

/**
 * Candles as they were read, in blocks of time that begin at the same moments for everyone: whoever asks for the same
 * time finds the same blocks. What was used last stays longest.
 */
export class CandleBlocks {
  private readonly blocks = new Map<string, Block>();
  private kept = 0;

  constructor(
    readonly options: BlockOptions,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

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

  /** Whether a block is still to be believed as it is. */
  isFresh(block: Block): boolean {
    return this.clock.now() < block.freshUntilMs;
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
    const endedMs = readMs - SETTLE_MS - longestMs(period);
    const ageMs = endedMs < endMs ? this.options.freshMs : candles.length === 0 ? EMPTY_MS : Infinity;
    return {
      candles,
      endedBeforeMs: Math.min(endMs, Math.max(startMs, endedMs)),
      freshUntilMs: this.clock.now() + ageMs,
    };
  }

  private drop(key: string): void {
    const block = this.blocks.get(key);
    if (block) this.kept -= weightOf(block);
    this.blocks.delete(key);
  }

  private spanMs(period: CandlePeriod): number {
    return this.options.size * PERIOD_MS[period];
  }
}

/** A block without candles takes room too. */
const weightOf = ({ candles }: Block): number => candles.length + 1;

const keyOf = (instrument: Instrument, period: CandlePeriod, startMs: number): string =>
  `${period} ${startMs} ${instrument}`;
