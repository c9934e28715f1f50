import type { Candle } from './candle.ts';
import type { Instrument } from './instrument.ts';
import { hash, noiseAt } from './random.ts';
import type { Points } from './units.ts';

/** Noise on several scales, each four times as long as the one before: a quarter of a minute to half a year. */
const OCTAVES = 11;
const FIRST_SCALE_MS = 15_000;
const LONGER = 4;
/** Less than the square root of four: prices wander, but come back. */
const WILDER = 1.7;
/** A quarter minute's move in ticks' moves. */
const FIRST_MOVE = 6;
const LOWEST = 0.3;

/** An instrument's price as a function of time, for the past that nobody saw: the same at every asking. */
export class PricePath {
  private readonly seeds: readonly number[];
  private readonly anchor: number;

  /** At `anchorMs` the path arrives at `anchorPrice`. */
  constructor(
    seed: string,
    private readonly instrument: Instrument,
    anchorMs: number,
    anchorPrice: Points,
  ) {
    this.seeds = Array.from({ length: OCTAVES }, (_, octave) => hash(`${seed}/${octave}`));
    this.anchor = anchorPrice - this.wave(anchorMs);
  }

  at(epochMs: number): Points {
    const { startPrice } = this.instrument;
    return Math.max(Math.round(startPrice * LOWEST), Math.round(this.anchor + this.wave(epochMs)));
  }

  candle(start: number, end: number): Candle {
    const third = (end - start) / 3;
    const prices = [start, start + third, end - third, end].map((at) => this.at(at));
    const [open = 0, , , close = 0] = prices;
    const volume = 100 + Math.abs(Math.round(noiseAt(this.seeds[0]!, start / FIRST_SCALE_MS) * 100));
    return { start, open, high: Math.max(...prices), low: Math.min(...prices), close, volume };
  }

  private wave(epochMs: number): number {
    let sum = 0;
    let scaleMs = FIRST_SCALE_MS;
    let amplitude = this.instrument.restlessness * FIRST_MOVE;
    for (const seed of this.seeds) {
      const position = epochMs / scaleMs;
      const node = Math.floor(position);
      const between = position - node;
      sum += amplitude * (noiseAt(seed, node) * (1 - between) + noiseAt(seed, node + 1) * between);
      scaleMs *= LONGER;
      amplitude *= WILDER;
    }
    return sum;
  }
}
