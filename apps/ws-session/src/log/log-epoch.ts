import type { RecordedEvent } from '@core/contracts/event';
import { EventLog } from '@core/event-log/event-log';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

/** Of a log without events: nothing can have been missed in it. */
const EMPTY = '0';
const EPOCH_LENGTH = 8;

/** Which log this is: its first event's id tells it from every other, a restored backup included only up to its end. */
@Injectable()
export class LogEpoch implements OnApplicationBootstrap {
  private known: string = EMPTY;

  constructor(
    private readonly log: EventLog,
    runner: ProjectionRunner,
  ) {
    // The first event of a log that was empty when this process started.
    runner.onEach((event) => this.see(event));
  }

  get value(): string {
    return this.known;
  }

  /** After the runner has caught up: an event that it took before its listeners heard is in the log by now. */
  async onApplicationBootstrap(): Promise<void> {
    for await (const [first] of this.log.read(0)) {
      if (first) this.see(first);
      return;
    }
  }

  private see({ position, id }: RecordedEvent): void {
    if (position === 1) this.known = id.replaceAll('-', '').slice(-EPOCH_LENGTH);
  }
}
