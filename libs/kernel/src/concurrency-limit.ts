/** Lets a few in at a time; the rest wait, up to a limit of all, and of each key: nobody takes every place. */
export class ConcurrencyLimit {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly perKey = new Map<string, number>();

  constructor(
    private readonly insideMax: number,
    private readonly waitingMax: number,
    /** Inside or waiting. */
    private readonly perKeyMax: number,
  ) {}

  /** What `work` gives, or null at once when too many wait already, or too many of this key. */
  async run<Value>(key: string, work: () => Promise<Value>): Promise<Value | null> {
    const isFull = this.inside >= this.insideMax && this.waiting.length >= this.waitingMax;
    if (isFull || (this.perKey.get(key) ?? 0) >= this.perKeyMax) return null;
    this.count(key, 1);
    if (this.inside >= this.insideMax) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.inside += 1;
    try {
      return await work();
    } finally {
      this.count(key, -1);
      const next = this.waiting.shift();
      if (next) next();
      else this.inside -= 1;
    }
  }

  private count(key: string, change: 1 | -1): void {
    const count = (this.perKey.get(key) ?? 0) + change;
    if (count > 0) this.perKey.set(key, count);
    else this.perKey.delete(key);
  }
}
