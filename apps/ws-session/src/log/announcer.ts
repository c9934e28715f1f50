import type { RecordedEvent } from '@core/contracts/event';
import { toMs } from '@core/kernel/instant';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Screens } from '@core/service/screens';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Broadcast } from '../connection/broadcast.ts';
import { SessionMetrics } from '../connection/metrics.ts';
import { Sessions } from '../connection/sessions.ts';
import { Accounts } from './accounts.ts';
import { LogCursors } from './log-cursors.ts';
import { RecentMessages } from './recent-messages.ts';

/** Tells sessions what happens, in the order of the log. */
@Injectable()
export class Announcer implements OnApplicationBootstrap {
  private isTelling = false;

  constructor(
    runner: ProjectionRunner,
    private readonly accounts: Accounts,
    private readonly cursors: LogCursors,
    private readonly sessions: Sessions,
    private readonly recent: RecentMessages,
    private readonly metrics: SessionMetrics,
    private readonly screens: Screens,
  ) {
    runner.onEach((event) => this.tell(event));
  }

  /** Nobody listens yet, and what is told bears the cursors of this log or is not told. */
  async onApplicationBootstrap(): Promise<void> {
    await this.cursors.learn();
    this.isTelling = true;
  }

  private tell(event: RecordedEvent): void {
    if (!this.isTelling) return;
    const messages = this.accounts.messagesOf(event);
    this.recent.keep(event.position, messages);
    for (const message of messages) {
      const hearers = this.sessions.tell(new Broadcast(message));
      if (hearers > 0) this.screens.show(event, message.topic);
      this.metrics.told(Date.now() - toMs(event.recordedtime));
    }
  }
}
