/** Lets the work of one key wait for its predecessors, and not too much of it. Different keys do not wait for each other. */
export class KeyedQueue {
  private readonly lines = new Map<string, { waiting: number; last: Promise<unknown> }>();

  /** `max` may wait behind the one that is being done. */
  constructor(private readonly max: number) {}

  /** The work's result once its turn has come; null where too much waits already. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result | null> {
    return (this.lines.get(key)?.waiting ?? 0) > this.max ? null : this.always(key, work);
  }

  /** The same, however much waits. */
  async always<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const line = this.lines.get(key) ?? { waiting: 0, last: Promise.resolve() };
    this.lines.set(key, line);
    line.waiting += 1;
    const turn = line.last.then(work);
    // The next one's turn comes whatever became of this one; who asked for it hears of that.
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) this.lines.delete(key);
    }
  }
}
