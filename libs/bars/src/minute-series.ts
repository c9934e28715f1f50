import type { Decimal } from '@core/contracts/primitives';
import { barOf, withTick, type Bar } from './bar.ts';

export const BAR_MS = 60_000;

export const minuteOf = (atMs: number): number => atMs - (atMs % BAR_MS);

/** A change of the bid, with the moment it counts for: never before the one told last. */
export interface Tick {
  readonly bid: Decimal;
  readonly atMs: number;
}

/**
 * One instrument's minutes, made of what is heard of it. It alone says which moment a tick counts for, so that whoever
 * builds bars of the ticks that it gave has the bars that it gave.
 */
export class MinuteSeries {
  /** The minute that runs; null before the first tick of it. */
  running: Bar | null = null;
  private lastBid: Decimal | null = null;

  /** Nothing counts for a moment before `lastMs`. */
  constructor(private lastMs = 0) {}

  /** A price without being a tick: what is known when listening begins. */
  begin(bid: Decimal): void {
    this.lastBid = bid;
  }

  /** The moment that what happens now counts for. */
  moment(atMs: number): number {
    return (this.lastMs = Math.max(this.lastMs, atMs));
  }

  /** The tick that a price is, with the minute that it ended; null where the bid is what it was. */
  told(bid: Decimal, atMs: number): { readonly tick: Tick; readonly ended: Bar | null } | null {
    if (bid === this.lastBid) return null;
    this.lastBid = bid;
    const countsMs = this.moment(atMs);
    const ended = this.endBefore(countsMs);
    this.running = this.running ? withTick(this.running, bid) : barOf(minuteOf(countsMs), bid);
    return { tick: { bid, atMs: countsMs }, ended };
  }

  /** Time has come this far: the minute that is over, if one runs. What is told of it later counts for the next. */
  endBefore(atMs: number): Bar | null {
    const { running } = this;
    this.lastMs = Math.max(this.lastMs, minuteOf(atMs));
    if (running === null || running.openedAtMs >= minuteOf(atMs)) return null;
    this.running = null;
    return running;
  }
}
