/** Time that stands still until a spec moves it on. */
export class ManualClock {
  private nowMs = 0;
  private readonly tasks = new Set<{ readonly atMs: number; readonly run: () => void }>();

  now(): number {
    return this.nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const task = { atMs: this.nowMs + ms, run };
    this.tasks.add(task);
    return () => this.tasks.delete(task);
  }

  /** Runs what is due until then, in its order, and after each whatever followed from it without waiting. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settled();
    for (let next = this.nextBy(untilMs); next; next = this.nextBy(untilMs)) {
      this.tasks.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      await settled();
    }
    this.nowMs = untilMs;
  }

  private nextBy(untilMs: number) {
    return [...this.tasks].filter(({ atMs }) => atMs <= untilMs).sort((one, two) => one.atMs - two.atMs)[0];
  }
}

/** Promises that were kept have told so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
