/**
 * A repeatable source of chance: the same seed gives the same numbers. Each part of the simulator forks its own by
 * name, so that a draw more in one place changes nothing in another.
 */
export class Random {
  private state: number;

  constructor(private readonly seed: string) {
    this.state = hash(seed);
  }

  fork(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** From 0 up to, not including, 1. A 32-bit Weyl sequence with a mixing step. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    return mix(this.state) / 2 ** 32;
  }

  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  between(lowest: number, highest: number): number {
    return lowest + this.below(highest - lowest + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Roughly normal, mean 0, deviation 1. */
  bell(): number {
    return (this.next() + this.next() + this.next() - 1.5) * 2;
  }

  /** Hexadecimal digits, for tokens. */
  hex(length: number): string {
    return Array.from({ length }, () => this.below(16).toString(16)).join('');
  }
}

/** A number from -1 up to 1 that depends on the key alone: chance that can be asked for again. */
export const noiseAt = (seed: number, key: number): number =>
  mix((seed ^ Math.imul(key, 0x9e3779b1)) | 0) / 2 ** 31 - 1;

/** FNV-1a, then mixed. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return mix(value) | 0;
}

/** Spreads every bit of a 32-bit number over all of them; gives 0 … 2³²-1. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
