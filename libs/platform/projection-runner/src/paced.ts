/** Calls at once, and again no sooner than so long after: whatever is asked for meanwhile is one call. */
export class Paced {
  private calledMs = -Infinity;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly restMs: number,
    private readonly call: () => void,
  ) {}

  ask(): void {
    if (this.timer !== null) return;
    const leftMs = this.calledMs + this.restMs - performance.now();
    if (leftMs <= 0) this.callNow();
    else this.timer = setTimeout(() => this.callNow(), leftMs);
  }

  /** What was asked for and not called yet is not called any more. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private callNow(): void {
    this.timer = null;
    this.calledMs = performance.now();
    this.call();
  }
}
