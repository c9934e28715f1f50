import { setTimeout as pause } from 'node:timers/promises';
import type { Acknowledgement } from '../checker/run-record.ts';
import type { ToldDone } from './told-done.ts';

/** From one wish to the next. */
const PACE_MS = 400;
/** From one attempt to the next. */
const RETRY_MS = 300;
/** A client gives up on a wish that nobody takes: orders do not get better with time. */
const ATTEMPTS = 20;
/** Nobody waits longer for one answer. */
const PATIENCE_MS = 5_000;

/** One way in: sends a wish once, and says what it was told; null where it was not taken. May throw: nobody answered. */
export interface WayIn {
  readonly name: string;
  send(wish: string, turn: number): Promise<Acknowledgement | null>;
}

/** Clients that keep wishing, one wish after the other at each way in, and send each again until it is answered. */
export class Wishes {
  private readonly running: Promise<unknown>;
  private isOver = false;

  constructor(
    readonly ways: readonly WayIn[],
    private readonly told: ToldDone,
    private readonly newWish: () => string,
  ) {
    this.running = Promise.all(ways.map((way) => this.keepWishing(way)));
  }

  get names(): readonly string[] {
    return this.ways.map(({ name }) => name);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async keepWishing(way: WayIn): Promise<void> {
    for (let turn = 0; !this.isOver; turn += 1) {
      await this.insist(way, turn);
      await pause(PACE_MS);
    }
  }

  private async insist(way: WayIn, turn: number): Promise<void> {
    const wish = this.newWish();
    for (let attempt = 0; attempt < ATTEMPTS && !this.isOver; attempt += 1) {
      const askedMs = performance.now();
      const answer = await Promise.race([
        way.send(wish, turn).catch(() => null),
        pause(PATIENCE_MS, null, { ref: false }),
      ]);
      if (answer !== null) return this.told.add(answer, askedMs);
      await pause(RETRY_MS);
    }
  }
}
