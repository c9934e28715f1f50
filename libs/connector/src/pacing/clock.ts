/** Time that only goes forward, and what is to happen later in it. */
export interface Clock {
  /** Milliseconds since a moment of its own. */
  now(): number;
  /** Calls `task` once, so much later, unless what it returns is called before. */
  after(ms: number, task: () => void): () => void;
}

/** What forgets a task that there is not. */
export const NOTHING = (): void => undefined;

/** The machine's. */
export const steadyClock: Clock = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
