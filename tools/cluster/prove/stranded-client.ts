import { succeeds } from '@core/kernel/succeeds';
import { setTimeout as pause } from 'node:timers/promises';

const PACE_MS = 200;

/** A place for numbers in a cell, as one member alone leads there and as the whole cell holds it. */
export interface StrandedStore {
  /** Resolves when the member says that a number is kept; rejects at the latest after some seconds. */
  write(number: number): Promise<void>;
  /** Every number that the cell holds, as often as it does. */
  held(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Writes to one member, whoever else that one hears, and notes what it is told is kept. */
export class StrandedClient {
  private readonly told: number[] = [];
  private asked = 0;
  private isStranded = false;
  /** How much was asked of its member alone, and how much of that it was told is kept before that one was back. */
  private readonly alone = { asked: 0, told: 0 };
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(private readonly store: StrandedStore) {
    this.running = this.keepWriting();
  }

  /** Whether it was ever told that something is kept. */
  get isHeard(): boolean {
    return this.told.length > 0;
  }

  /** From now on its member is cut off. */
  strand(): void {
    this.isStranded = true;
  }

  rejoin(): void {
    this.isStranded = false;
  }

  /** What it was told, in words, once the cell is whole. Throws where it was told what is not so. */
  async testimony(): Promise<string> {
    this.isOver = true;
    await this.running;
    const held = await this.store.held();
    await this.store.close();
    const wrong = this.told.filter((number) => held.filter((each) => each === number).length !== 1);
    const said = `${this.alone.asked} writes were asked of it alone, ${this.alone.told} of them told as kept`;
    const checked = `of ${this.told.length} told at any time ${wrong.length} are not there once`;
    if (this.alone.asked === 0 || this.alone.told > 0 || wrong.length > 0) throw new Error(`${said}; ${checked}`);
    return `${said}; ${checked}`;
  }

  private async keepWriting(): Promise<void> {
    for (; !this.isOver; await pause(PACE_MS)) {
      const number = this.asked++;
      const isAlone = this.isStranded;
      if (isAlone) this.alone.asked += 1;
      if (!(await succeeds(this.store.write(number)))) continue;
      this.told.push(number);
      if (isAlone && this.isStranded) this.alone.told += 1;
    }
  }
}
