/** What to make of an event by its number: the next one, one that was heard before, or one after a hole. */
export type SequenceVerdict = 'next' | 'duplicate' | 'gap';

/** The last event of each account that was heard. */
export class Sequences {
  private last = new Map<string, number>();
  /** Before a snapshot nobody knows where accounts stand; after one, whoever is not in it begins at 1. */
  private isWhole = false;

  /** After a snapshot. */
  reset(sequences: Readonly<Record<string, number>>): void {
    this.last = new Map(Object.entries(sequences));
    this.isWhole = true;
  }

  take(accountId: string, sequence: number): SequenceVerdict {
    const last = this.last.get(accountId) ?? (this.isWhole ? 0 : sequence - 1);
    if (sequence <= last) return 'duplicate';
    if (sequence > last + 1) return 'gap';
    this.last.set(accountId, sequence);
    return 'next';
  }
}
