/** Lets a few in at a time; the rest wait, up to a limit. */
export class ConcurrencyLimit {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly insideMax: number,
    private readonly waitingMax: number,
  ) {}

  /** What `work` gives, or null at once when too many wait already. */
  async run<Value>(work: () => Promise<Value>): Promise<Value | null> {
    if (this.inside >= this.insideMax) {
      if (this.waiting.length >= this.waitingMax) return null;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.inside += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.inside -= 1;
    }
  }
}
