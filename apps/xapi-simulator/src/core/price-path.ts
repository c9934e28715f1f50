import type { CandleInPoints } from './candle.ts';
import type { SimulatedInstrument } from './instrument.ts';
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

/** One scale of the noise, with the two nodes that it was last asked between: neighbouring questions share them. */
interface Octave {
  readonly seed: number;
  readonly scaleMs: number;
  readonly amplitude: number;
  node: number;
  left: number;
  right: number;
}

/** An instrument's price as a function of time, for the past that nobody saw: the same at every asking. */
export class PricePath {
  private readonly octaves: readonly Octave[];
  private readonly lowest: Points;
  private readonly anchor: number;

  /** At `anchorMs` the path arrives at `anchorPrice`. */
  constructor(seed: string, { restlessness, startPrice }: SimulatedInstrument, anchorMs: number, anchorPrice: Points) {
    this.octaves = Array.from({ length: OCTAVES }, (_, octave) => ({
      seed: hash(`${seed}/${octave}`),
      scaleMs: FIRST_SCALE_MS * LONGER ** octave,
      amplitude: restlessness * FIRST_MOVE * WILDER ** octave,
      node: Number.NaN,
      left: 0,
      right: 0,
    }));
    this.lowest = Math.round(startPrice * LOWEST);
    this.anchor = anchorPrice - this.wave(anchorMs);
  }

  at(epochMs: number): Points {
    return Math.max(this.lowest, Math.round(this.anchor + this.wave(epochMs)));
  }

  candle(start: number, end: number): CandleInPoints {
    const third = (end - start) / 3;
    const open = this.at(start);
    const [early, late] = [this.at(start + third), this.at(end - third)];
    const close = this.at(end);
    const [high, low] = [Math.max(open, early, late, close), Math.min(open, early, late, close)];
    return { start, open, high, low, close, volume: QUIET_VOLUME + (high - low) };
  }

  private wave(epochMs: number): number {
    let sum = 0;
    for (const octave of this.octaves) {
      const position = epochMs / octave.scaleMs;
      const node = Math.floor(position);
      if (node !== octave.node) {
        octave.left = node === octave.node + 1 ? octave.right : noiseAt(octave.seed, node);
        octave.right = noiseAt(octave.seed, node + 1);
        octave.node = node;
      }
      sum += octave.amplitude * (octave.left + (octave.right - octave.left) * (position - node));
    }
    return sum;
  }
}

/** Ticks of a period in which nothing happened. */
const QUIET_VOLUME = 100;
