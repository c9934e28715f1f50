import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { showSpan, stepsAmong } from '@core/service/story-spans';
import { Tracing } from '@core/service/tracing';
import { Injectable } from '@nestjs/common';

/** Of an account whose streams say nothing: its youngest events. */
const KEPT = 100;

/** For traces: which events a line of a stream is the first to show. */
@Injectable()
export class ShownEvents {
  private readonly unshown = new Map<AccountId, readonly RecordedEvent[]>();

  constructor(private readonly tracing: Tracing) {}

  /** The states have them, and somebody reads a stream of the account. */
  applied(account: AccountId, events: readonly RecordedEvent[]): void {
    if (!this.tracing.isOn) return;
    const news = stepsAmong(events).filter(({ subject }) => subject === account);
    if (news.length > 0) this.unshown.set(account, [...(this.unshown.get(account) ?? []), ...news].slice(-KEPT));
  }

  /** A line was written, of the states as they are now. */
  shownIn(stream: string, account: AccountId): void {
    if (!this.tracing.isOn) return;
    for (const event of this.unshown.get(account) ?? []) this.tracing.record(showSpan(event, stream, Date.now()));
    this.unshown.delete(account);
  }
}
