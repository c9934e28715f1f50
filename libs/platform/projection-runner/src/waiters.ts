/** Most callers that wait for a position at once; more are told at once that it was not reached. */
const WAITERS_MAX = 10_000;

interface Waiter {
  readonly position: number;
  readonly timer: NodeJS.Timeout;
  readonly answer: (reached: boolean) => void;
}

/** Callers who wait until something has come as far as a position. */
export class Waiters {
  private readonly waiting = new Set<Waiter>();

  /** True when `reached` is told this position or a later one in time. */
  wait(position: number, timeoutMs: number): Promise<boolean> {
    if (this.waiting.size >= WAITERS_MAX) return Promise.resolve(false);
    return new Promise((resolve) => {
      const answer = (reached: boolean): void => {
        clearTimeout(waiter.timer);
        this.waiting.delete(waiter);
        resolve(reached);
      };
      const waiter: Waiter = { position, timer: setTimeout(() => answer(false), timeoutMs), answer };
      this.waiting.add(waiter);
    });
  }

  reached(position: number): void {
    for (const waiter of this.waiting) if (waiter.position <= position) waiter.answer(true);
  }

  /** Nothing will be reached any more. */
  giveUp(): void {
    for (const waiter of this.waiting) waiter.answer(false);
  }
}
