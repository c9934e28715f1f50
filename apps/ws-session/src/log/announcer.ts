import type { RecordedEvent } from '@core/contracts/event';
import { toMs } from '@core/kernel/instant';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import { SessionMetrics } from '../connection/metrics.ts';
import { Sessions } from '../connection/sessions.ts';
import { Accounts } from './accounts.ts';

/** Tells sessions what happens, in the order of the log. */
@Injectable()
export class Announcer {
  constructor(
    runner: ProjectionRunner,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly metrics: SessionMetrics,
  ) {
    runner.onEach((event) => this.tell(event));
  }

  private tell(event: RecordedEvent): void {
    const broadcast = this.accounts.broadcast(event);
    if (!broadcast) return;
    this.sessions.tell(broadcast);
    this.metrics.told(Date.now() - toMs(event.recordedtime));
  }
}
