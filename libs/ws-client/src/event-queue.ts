import type { BidAsk } from './models.ts';
import type { SessionEvent } from './session-event.ts';

type Waiting = { resolve(result: IteratorResult<SessionEvent>): void; reject(error: Error): void };
type Entry = { event: SessionEvent };

/** Events between the session and whoever reads them. Only quotes are conflated: the last one of each instrument stays. */
export class EventQueue {
  private entries: Entry[] = [];
  private readonly quotes = new Map<string, Entry>();
  private waiting: Waiting[] = [];
  private end: { readonly error: Error | null } | null = null;

  /** `drained` is called whenever the last event was taken. */
  constructor(private readonly drained: () => void) {}

  get size(): number {
    return this.entries.length;
  }

  push(event: SessionEvent): void {
    if (this.end) return;
    const reader = this.waiting.shift();
    if (reader) return reader.resolve({ value: event, done: false });
    const queued = event.type === 'bid_ask' ? this.quotes.get(event.quote.id) : undefined;
    if (queued) queued.event = event;
    else this.append({ event });
  }

  /** What was pushed is still read; then readers are told the error, or that there is no more. */
  finish(error: Error | null): void {
    this.end ??= { error };
    const readers = this.waiting.splice(0);
    for (const { resolve, reject } of readers) {
      if (error) reject(error);
      else resolve({ value: undefined, done: true });
    }
  }

  next(): Promise<IteratorResult<SessionEvent>> {
    const entry = this.entries.shift();
    if (entry) {
      const quote = quoteOf(entry.event);
      if (quote) this.quotes.delete(quote.id);
      if (this.entries.length === 0) this.drained();
      return Promise.resolve({ value: entry.event, done: false });
    }
    if (this.end?.error) return Promise.reject(this.end.error);
    if (this.end) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private append(entry: Entry): void {
    const quote = quoteOf(entry.event);
    if (quote) this.quotes.set(quote.id, entry);
    this.entries.push(entry);
  }
}

const quoteOf = (event: SessionEvent): BidAsk | null => (event.type === 'bid_ask' ? event.quote : null);
