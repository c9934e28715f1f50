import type { OrderRequest } from './order-check.ts';

/** A tradeTransaction as it reached the broker, and what was done with it: the proof that no order came twice. */
export interface JournalEntry {
  /** Rising from 1, without holes. */
  readonly sequence: number;
  readonly time: number;
  readonly userId: string;
  /** Of the connection that carried it. */
  readonly connection: number;
  readonly customTag: string | null;
  /** Null when the arguments could not be read. */
  readonly request: OrderRequest | null;
  /** The number given to it; null when it was refused at once or never looked at. */
  readonly order: number | null;
  /** Why it was refused at once. */
  readonly error: string | null;
  /** False when a fault kept the broker from looking at it. */
  readonly executed: boolean;
}

const MAX_ENTRIES = 100_000;

/** Every tradeTransaction received, oldest first; the oldest are forgotten beyond a hundred thousand. */
export class Journal {
  private entries: JournalEntry[] = [];
  private lastSequence = 0;

  add(entry: Omit<JournalEntry, 'sequence'>): void {
    this.entries.push({ sequence: ++this.lastSequence, ...entry });
    if (this.entries.length > MAX_ENTRIES) this.entries = this.entries.slice(-MAX_ENTRIES / 2);
  }

  /** Entries after a sequence number, of one user or of all. */
  after(sequence: number, userId: string | null, most: number): readonly JournalEntry[] {
    return this.entries
      .filter((entry) => entry.sequence > sequence && (userId === null || entry.userId === userId))
      .slice(0, most);
  }

  all(): readonly JournalEntry[] {
    return this.entries;
  }

  restore(entries: readonly JournalEntry[]): void {
    this.entries = [...entries];
    this.lastSequence = entries.at(-1)?.sequence ?? 0;
  }
}
