import { BAR_MS, minuteOf } from './minute-series.ts';
import type { Range } from './known-ranges.ts';

/**
 * How far back a venue was heard without a gap. A minute that was not heard wholly is none of ours to settle: the
 * broker's chart tells it once it has ended.
 */
export class Hearing {
  private sinceMs: number | null = null;
  private settledMs = 0;
  private nextByMs = 0;

  /** A message came; the next one is due within `nextMs`, whatever moves. One that is late was preceded by a gap. */
  heard(atMs: number, nextMs: number): void {
    if (this.sinceMs === null || atMs > this.nextByMs) this.begin(atMs);
    this.nextByMs = atMs + nextMs;
  }

  /** Something may have been missed: a connection was lost, prices are stale, the venue is somebody else's now. */
  missed(): void {
    this.sinceMs = null;
  }

  /** Whether everything was heard from this moment on. */
  hears(fromMs: number): boolean {
    return this.sinceMs !== null && fromMs >= this.sinceMs;
  }

  /** The minutes that have ended by now, were heard wholly and were not told before; null where there are none. */
  ended(nowMs: number): Range | null {
    if (this.sinceMs === null) return null;
    const range = { fromMs: this.settledMs, untilMs: minuteOf(Math.min(nowMs, this.nextByMs)) };
    if (range.untilMs <= range.fromMs) return null;
    this.settledMs = range.untilMs;
    return range;
  }

  private begin(atMs: number): void {
    this.sinceMs = atMs;
    // A clock that went back tells no minute again.
    this.settledMs = Math.max(this.settledMs, minuteOf(atMs + BAR_MS - 1));
  }
}
