import type { Money } from '@core/execution/facts/balance-facts';

/** When a sample of equity is worth an event: rarely, and soon after a trade. Samples in between are forgotten. */
export class EquityMarks {
  private latest: Money | null = null;
  private marked: Money | null = null;
  private markedMs = -Infinity;
  private isAsked = true;

  constructor(
    private readonly intervalMs: number,
    /** Least distance even when one is asked for. */
    private readonly soonMs: number,
  ) {}

  take(money: Money): void {
    this.latest = money;
  }

  /** A trade happened: the next sample comes early. */
  ask(): void {
    this.isAsked = true;
  }

  /** The sample to tell now, if there is one. */
  due(nowMs: number): Money | null {
    const { latest, marked } = this;
    const sinceMs = nowMs - this.markedMs;
    if (latest === null || sinceMs < (this.isAsked ? this.soonMs : this.intervalMs)) return null;
    if (marked && isSame(latest, marked)) return null;
    this.marked = latest;
    this.markedMs = nowMs;
    this.isAsked = false;
    return latest;
  }
}

const isSame = (one: Money, two: Money): boolean =>
  one.equity === two.equity && one.margin === two.margin && one.marginFree === two.marginFree;
