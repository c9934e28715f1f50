import type { Simulator } from './simulator.ts';

/** The longest the driver sleeps: far below what timers can hold. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Runs a simulator by the wall clock. Whatever comes from outside goes through `act`, so that it happens at its own
 * time, after everything that was due before it.
 */
export class Driver {
  private timer: NodeJS.Timeout | null = null;
  private aheadMs = 0;
  private stopped = false;

  constructor(
    private readonly simulator: Simulator,
    private readonly wallClock: () => number,
  ) {}

  start(): void {
    this.simulator.pulse.start();
    this.act(() => undefined);
  }

  /** Does something at the simulator, now; sends what came of it. */
  act<Outcome>(deed: () => Outcome): Outcome {
    this.simulator.advanceTo(this.now());
    const outcome = deed();
    this.simulator.advanceTo(this.now());
    this.sleep();
    return outcome;
  }

  /** Makes the simulated time run ahead of the wall clock, by so much more, at once. */
  skip(ms: number): void {
    this.aheadMs += ms;
    this.act(() => undefined);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private now(): number {
    return this.wallClock() + this.aheadMs;
  }

  private sleep(): void {
    if (this.timer) clearTimeout(this.timer);
    const { nextAt } = this.simulator.scheduler;
    if (this.stopped || nextAt === null) return;
    const wait = Math.min(Math.max(nextAt - this.now(), 0), LONGEST_SLEEP_MS);
    this.timer = setTimeout(() => this.act(() => undefined), wait);
  }
}
