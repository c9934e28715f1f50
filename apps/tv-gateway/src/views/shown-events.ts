import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Screens, type ShownEvent } from '@core/service/screens';
import { isSample } from '@core/service/story-spans';
import { Injectable } from '@nestjs/common';

/** Of an account that nobody looks at any more: its youngest events. */
const KEPT = 20;
const ACCOUNTS_MAX = 20_000;

/** Which events a list that is made anew is the first to show, of accounts that somebody has looked at. */
@Injectable()
export class ShownEvents {
  private readonly unshown = new BoundedMap<AccountId, readonly ShownEvent[]>(ACCOUNTS_MAX);

  constructor(
    runner: ProjectionRunner,
    private readonly screens: Screens,
  ) {
    runner.onEach((event) => this.applied(event));
  }

  /** A list of the account was made for somebody, of the states as they are now. */
  shownIn(list: string, account: AccountId): void {
    const unshown = this.unshown.get(account);
    // Lists are made anew with every price.
    if (unshown?.length === 0) return;
    for (const event of unshown ?? []) this.screens.show(event, list);
    this.unshown.set(account, []);
  }

  private applied(event: RecordedEvent): void {
    const before = this.unshown.get(event.subject);
    if (before === undefined || isSample(event)) return;
    const { id, type, subject, position, correlationid, causationid, recordedtime } = event;
    const news = { id, type, subject, position, correlationid, causationid, recordedtime };
    this.unshown.set(subject, [...before.slice(1 - KEPT), news]);
  }
}
