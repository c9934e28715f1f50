import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
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
  /** What the events of this batch make known, in their order. */
  private untold: Telling[] = [];

  constructor(
    runner: ProjectionRunner,
    private readonly accounts: Accounts,
    private readonly cursors: LogCursors,
    private readonly sessions: Sessions,
    private readonly recent: RecentMessages,
    private readonly metrics: SessionMetrics,
    private readonly screens: Screens,
  ) {
    runner.onEach((event) => this.prepare(event));
    runner.onApplied(() => this.tell());
  }

  /** Nobody listens yet, and what is told bears the cursors of this log or is not told. */
  async onApplicationBootstrap(): Promise<void> {
    await this.cursors.learn();
    this.isTelling = true;
  }

  /** As things stand right after the event. */
  private prepare(event: RecordedEvent): void {
    if (!this.isTelling) return;
    const messages = this.accounts.messagesOf(event);
    this.recent.keep(event.position, messages);
    for (const message of messages) this.untold.push({ event, broadcast: new Broadcast(message) });
  }

  /** What happened to one account without another's between is one write to each who hears of it. */
  private tell(): void {
    const { untold } = this;
    this.untold = [];
    for (const run of runsOf(untold)) this.sessions.tell(run);
    for (const { event, broadcast } of untold) {
      if (broadcast.hearers > 0) this.screens.show(event, broadcast.told.topic);
      this.metrics.told(Date.now() - toMs(event.recordedtime));
    }
  }
}

interface Telling {
  readonly event: RecordedEvent;
  readonly broadcast: Broadcast;
}

function runsOf(untold: readonly Telling[]): readonly (readonly Broadcast[])[] {
  const runs: Broadcast[][] = [];
  let account: AccountId | null = null;
  for (const { broadcast } of untold) {
    const { accountId } = broadcast.told;
    if (accountId === account) runs.at(-1)?.push(broadcast);
    else runs.push([broadcast]);
    account = accountId;
  }
  return runs;
}
