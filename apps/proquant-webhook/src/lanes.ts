/** Lets the work of one key wait for its predecessors, and not too much of it. Different keys do not wait for each other. */
export class Lanes {
  private readonly lanes = new Map<string, { waiting: number; last: Promise<unknown> }>();

  /** `max` may wait behind the one that is being done. */
  constructor(private readonly max: number) {}

  /** The work's result once its turn has come; null where too much waits already. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result | null> {
    const lane = this.lanes.get(key) ?? { waiting: 0, last: Promise.resolve() };
    if (lane.waiting > this.max) return null;
    this.lanes.set(key, lane);
    lane.waiting += 1;
    const turn = lane.last.then(work);
    // The next one's turn comes whatever became of this one; who asked for it hears of that.
    lane.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      lane.waiting -= 1;
      if (lane.waiting === 0) this.lanes.delete(key);
    }
  }
}
