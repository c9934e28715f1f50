import { setTimeout as pause } from 'node:timers/promises';
import type { Healing } from '../checker/run-record.ts';
import type { Wellness } from './wellness.ts';

const LOOK_MS = 300;

interface Wound {
  readonly fault: string;
  readonly endedMs: number;
  healedMs: number | null;
}

/** Measures from the end of each fault until all is well again. */
export class HealingWatch {
  private readonly wounds: Wound[] = [];
  /** What was not well when it was looked at last. */
  unwell: string | null = null;
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly wellness: Wellness,
    private readonly say: (line: string) => void,
  ) {
    this.running = this.look();
  }

  ended(fault: string): void {
    this.wounds.push({ fault, endedMs: performance.now(), healedMs: null });
  }

  get isHealed(): boolean {
    return this.wounds.every(({ healedMs }) => healedMs !== null);
  }

  get healings(): readonly Healing[] {
    return this.wounds.map(({ fault, endedMs, healedMs }) => {
      if (healedMs === null) return { fault, afterMs: null, quietMs: null };
      const before = this.wounds.filter((other) => other.endedMs <= healedMs);
      const lastMs = Math.max(...before.map((other) => other.endedMs));
      return { fault, afterMs: Math.round(healedMs - endedMs), quietMs: Math.round(healedMs - lastMs) };
    });
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async look(): Promise<void> {
    while (!this.isOver) {
      await pause(LOOK_MS);
      const open = this.wounds.filter(({ healedMs }) => healedMs === null);
      const last = open.at(-1);
      if (last === undefined) continue;
      this.unwell = await this.wellness.whyUnwellSince(last.endedMs);
      if (this.unwell !== null) continue;
      const nowMs = performance.now();
      for (const wound of open) wound.healedMs = nowMs;
      this.say(`  all is well again, ${Math.round(nowMs - last.endedMs)} ms after ${last.fault}`);
    }
  }
}
