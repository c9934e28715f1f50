import type { AccountFigures } from '@core/execution/report';

/** When a sample of equity is worth an event: rarely, and soon after a trade. Samples in between are forgotten. */
export class EquityMarks {
  private latest: AccountFigures | null = null;
  private marked: AccountFigures | null = null;
  private markedMs = -Infinity;
  private isAsked = true;
  /** The latest sample came after it was asked for. */
  private isAnswer = false;

  constructor(
    private readonly intervalMs: number,
    /** Least distance even when one is asked for. */
    private readonly soonMs: number,
  ) {}

  take(money: AccountFigures): void {
    this.latest = money;
    this.isAnswer = true;
  }

  /** A trade happened: samples come early until one that was taken since. */
  ask(): void {
    this.isAsked = true;
    this.isAnswer = false;
  }

  /** The sample to tell now, if there is one. */
  due(nowMs: number): AccountFigures | null {
    const { latest, marked } = this;
    const sinceMs = nowMs - this.markedMs;
    if (latest === null || sinceMs < (this.isAsked ? this.soonMs : this.intervalMs)) return null;
    if (marked && isSame(latest, marked)) return null;
    this.marked = latest;
    this.markedMs = nowMs;
    if (this.isAnswer) this.isAsked = false;
    return latest;
  }
}

const isSame = (one: AccountFigures, two: AccountFigures): boolean =>
  one.equity === two.equity && one.margin === two.margin && one.marginFree === two.marginFree;
