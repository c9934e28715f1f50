import { z } from 'zod';
import { OrderRequest } from './order-check.ts';
import { BrokerTime } from './units.ts';

/** A tradeTransaction as it reached the broker, and what was done with it: the proof that no order came twice. */
export const JournalEntry = z.strictObject({
  /** Rising from 1, without holes. */
  sequence: z.int().min(1),
  time: BrokerTime,
  userId: z.string(),
  /** Of the connection that carried it. */
  connection: z.int(),
  customTag: z.string().nullable(),
  /** Null when the arguments could not be read. */
  request: OrderRequest.nullable(),
  /** The number given to it; null when it was refused at once or never looked at. */
  order: z.int().nullable(),
  /** Why it was refused at once. */
  error: z.string().nullable(),
  /** False when a fault kept the broker from looking at it. */
  executed: z.boolean(),
});
export type JournalEntry = Readonly<z.output<typeof JournalEntry>>;

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
