import { present } from '@core/kernel/present';

/** Chance that comes out the same for the same seed. */
export class SeededChance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0 to less than the limit. */
  below(limit: number): number {
    // mulberry32
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  one<Thing>(things: readonly Thing[]): Thing {
    return present(things[this.below(things.length)], 'there is something to choose from');
  }

  shuffled<Thing>(things: readonly Thing[]): Thing[] {
    const left = [...things];
    return things.map(() => present(left.splice(this.below(left.length), 1)[0], 'as many are left'));
  }
}
