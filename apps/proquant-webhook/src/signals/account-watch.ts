import type { AccountId } from '@core/contracts/primitives';
import type { ProjectionRunner } from '@core/projection-runner/projection-runner';

/** Why accounts are looked at. */
export type LookedAtFor = 'events' | 'time';

/** Has accounts looked at: each after the events that concern it, and all of them now and then, for what time alone decides. */
export class AccountWatch {
  private readonly unsubscribe: () => void;
  private readonly timer: NodeJS.Timeout;

  constructor(
    runner: ProjectionRunner,
    look: (accounts: Iterable<AccountId>, why: LookedAtFor) => void,
    everyMs: number,
  ) {
    this.unsubscribe = runner.onApplied((events) => look(new Set(events.map(({ subject }) => subject)), 'events'));
    this.timer = setInterval(() => look(runner.accounts(), 'time'), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.unsubscribe();
  }
}
