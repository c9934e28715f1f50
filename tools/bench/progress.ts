const EVERY_MS = 2_000;

/** Says how far something has come, and how fast, where it takes longer than two seconds. */
export class BenchProgress {
  private done = 0;
  private readonly startMs: number;
  private saidMs: number;

  /** `total` is of what is counted, which `what` names (`accounts filled`). */
  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly say: (line: string) => void = console.log,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.startMs = this.saidMs = clock();
  }

  advance(count = 1): void {
    this.done += count;
    const nowMs = this.clock();
    if (nowMs - this.saidMs < EVERY_MS) return;
    this.saidMs = nowMs;
    const perSecond = (this.done * 1_000) / (nowMs - this.startMs);
    this.say(`  ${this.what}: ${readable(this.done)} of ${readable(this.total)}, ${readable(perSecond)} a second`);
  }
}

const readable = (count: number): string => count.toLocaleString('en-US', { maximumSignificantDigits: 3 });
