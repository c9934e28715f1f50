export type Task = () => void;

/** Takes a task back; one that has run, or was taken back before, is left alone. */
export type Cancel = () => void;

interface Entry {
  readonly at: number;
  readonly turn: number;
  task: Task | null;
}

/**
 * The simulator's only clock. Time stands still while a task runs and moves when the driver says so: to the wall
 * clock's time in a server, as far as a script wants in a simulation. Tasks due at the same millisecond run in the
 * order in which they were set.
 */
export class Scheduler {
  private readonly heap: Entry[] = [];
  private turn = 0;

  /** `nowMs` counts from the epoch, UTC. */
  constructor(private nowMs: number) {}

  get now(): number {
    return this.nowMs;
  }

  /** When the next task is due, or null when nothing is. */
  get nextAt(): number | null {
    this.dropCancelled();
    return this.heap[0]?.at ?? null;
  }

  at(time: number, task: Task): Cancel {
    const entry: Entry = { at: Math.max(time, this.nowMs), turn: this.turn++, task };
    this.push(entry);
    return () => (entry.task = null);
  }

  after(delayMs: number, task: Task): Cancel {
    return this.at(this.nowMs + delayMs, task);
  }

  /** First after one interval, then for ever. The interval is asked for each time, so that a setting can change it. */
  every(intervalMs: () => number, task: Task): Cancel {
    let cancel = this.after(intervalMs(), run.bind(this));
    function run(this: Scheduler): void {
      cancel = this.after(intervalMs(), run.bind(this));
      task();
    }
    return () => cancel();
  }

  /** Runs everything that is due until `time`, each task at its own moment. Never goes back. */
  advanceTo(time: number): void {
    for (;;) {
      const next = this.heap[0];
      if (next === undefined || next.at > time) break;
      this.pop();
      if (next.task === null) continue;
      this.nowMs = next.at;
      next.task();
    }
    this.nowMs = Math.max(this.nowMs, time);
  }

  private dropCancelled(): void {
    while (this.heap[0]?.task === null) this.pop();
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

const before = (left: Entry, right: Entry): boolean =>
  left.at < right.at || (left.at === right.at && left.turn < right.turn);
