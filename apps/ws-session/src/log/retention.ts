import { EventLog } from '@core/event-log/event-log';
import { toMs } from '@core/kernel/instant';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import { PlaybackSettings } from '../config.ts';
import { SteadyClock } from '../connection/steady-clock.ts';

/** How far back a client may resume: by the age and by the number of what it missed. */
@Injectable()
export class Retention {
  constructor(
    private readonly log: EventLog,
    private readonly runner: ProjectionRunner,
    private readonly clock: SteadyClock,
    private readonly settings: PlaybackSettings,
  ) {}

  /** Whether everything after this position is still replayed. */
  async reachesBackTo(position: number): Promise<boolean> {
    if (!this.isNear(position)) return false;
    if (position >= this.runner.position) return true;
    for await (const [first] of this.log.read(position, position + 1))
      return first === undefined || toMs(first.recordedtime) >= this.clock.today() - this.settings.resumeMaxAgeMs;
    return true;
  }

  /** Whether the log does not come to this position. */
  async endsBefore(position: number): Promise<boolean> {
    return (await this.log.head()) < position;
  }

  /** Whether it is few enough events. */
  isNear(position: number): boolean {
    return this.runner.position - position <= this.settings.replayMaxEvents;
  }
}
