import type { RecordedEvent } from '@core/contracts/event';
import { Injectable } from '@nestjs/common';
import { Storage } from './storage.ts';

/** Of a log without events: nothing can have been missed in it. */
const EMPTY = '0';
const EPOCH_LENGTH = 8;

/** Which log this is: its first event's id tells it from every other, a restored backup included only up to its end. */
@Injectable()
export class LogEpoch {
  private known: string = EMPTY;

  constructor(private readonly storage: Storage) {}

  get value(): string {
    return this.known;
  }

  async read(): Promise<void> {
    for await (const [first] of this.storage.log.read(0)) {
      if (first) this.see(first);
      return;
    }
  }

  /** The first event of a log that was empty when this process started. */
  see({ position, id }: RecordedEvent): void {
    if (position === 1) this.known = id.replaceAll('-', '').slice(-EPOCH_LENGTH);
  }
}
