import type { RecordedEvent } from '@core/contracts/event';
import type { EventLog } from '@core/event-log/event-log';
import { encodeLine } from '@core/event-log/stored-line';
import { LINE } from '@core/log-proof/line';
import { createHash, type Hash } from 'node:crypto';

/** What was taken on the feed's word alone: consecutive events, until the log is asked whether it holds the same. */
export class FeedWord {
  private hash: Hash = createHash('sha256');
  private first = 0;
  private last = 0;

  constructor(private readonly log: EventLog) {}

  get events(): number {
    return this.first === 0 ? 0 : this.last - this.first + 1;
  }

  /** The last position that stands in the log for certain; null where nothing is taken on the feed's word. */
  get confirmed(): number | null {
    return this.first === 0 ? null : this.first - 1;
  }

  /** Whether a position is among what nobody has confirmed. */
  covers(position: number): boolean {
    return this.first > 0 && position >= this.first && position <= this.last;
  }

  /** Takes note of events that are to be taken, in order. False where they cannot even be spelled. */
  take(events: readonly RecordedEvent[]): boolean {
    const [head, tail] = [events[0], events.at(-1)];
    if (!head || !tail) return true;
    let lines: string;
    try {
      lines = events.map(encodeLine).join(LINE);
    } catch {
      return false;
    }
    if (this.first === 0) this.first = head.position;
    else this.hash.update(LINE);
    this.hash.update(lines);
    this.last = tail.position;
    return true;
  }

  /** Whether the log holds what was taken; then it is forgotten. Rejects when the log cannot be asked. */
  async isTrue(): Promise<boolean> {
    if (this.first === 0) return true;
    const [told, stored] = [this.hash.copy().digest('hex'), await this.log.digest(this.first - 1, this.last)];
    if (told !== stored) return false;
    this.forget();
    return true;
  }

  forget(): void {
    this.hash = createHash('sha256');
    this.first = this.last = 0;
  }

  toString(): string {
    return `${this.first} to ${this.last}`;
  }
}
