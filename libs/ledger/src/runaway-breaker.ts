import type { RecordedEvent } from '@core/contracts/event';
import type { Instant, Uuid } from '@core/contracts/primitives';
import { breakerWish } from '@core/domain/runaway';
import { inBackground } from '@core/service/in-background';
import type { SubmitOwn } from './submit-own.ts';

export interface RunawayBreakerParts {
  readonly now: () => Instant;
  readonly newId: () => Uuid;
  readonly source: string;
  readonly submit: SubmitOwn;
}

/** Takes trading from an account that runs away, once: while its wish is under way no second one is made. */
export class RunawayBreaker {
  constructor(private readonly parts: RunawayBreakerParts) {}

  committed(event: RecordedEvent): void {
    if (event.type !== 'CommandRefused') return;
    const wish = breakerWish(event.data);
    if (wish === null) return;
    const { now, newId, source, submit } = this.parts;
    const { subject, correlationid } = event;
    const command = { commandid: newId(), source, subject, time: now(), correlationid, ...wish };
    inBackground('breaking a runaway', submit(command, event.id));
  }
}
