import type { RecordedEvent } from '@core/contracts/event';
import { EventLog } from '@core/event-log/event-log';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Cursors } from '@core/ws-session/cursor';
import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';

/** Of a log without events: nothing can have been missed in it. */
const EMPTY = '';
const SALT_END = 2 ** 32;

/**
 * Places in this log, as clients hold them.
 * What seals them is the log's first event: every process that reads the log has it, no client ever hears all of it, and
 * it tells this log from every other, a restored backup included only up to its end.
 */
@Injectable()
export class LogCursors {
  private cursors = new Cursors(EMPTY);

  constructor(
    private readonly log: EventLog,
    runner: ProjectionRunner,
  ) {
    // The first event of a log that was empty when this process started.
    runner.onEach((event) => this.see(event));
  }

  /** Of an event: the same wherever and whenever it is told. */
  of(position: number): string {
    return this.cursors.seal(position);
  }

  /** Of a moment: two of them do not even say whether something happened in between, to whomever. */
  upTo(position: number): string {
    return this.cursors.seal(position, randomInt(1, SALT_END));
  }

  /** Null for what is no cursor of this log. */
  positionOf(text: string): number | null {
    return this.cursors.open(text);
  }

  /**
   * Until then, and as long as the log is empty, nobody's cursor is one of this log. After the runner has caught up: an
   * event that it took before its listeners heard is in the log by now.
   */
  async learn(): Promise<void> {
    for await (const [first] of this.log.read(0, 1)) {
      if (first) this.see(first);
      return;
    }
  }

  private see({ position, id, correlationid, causationid, recordedtime }: RecordedEvent): void {
    if (position === 1) this.cursors = new Cursors([id, correlationid, causationid, recordedtime].join());
  }
}
