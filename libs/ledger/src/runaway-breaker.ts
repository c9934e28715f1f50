import type { RecordedEvent } from '@core/contracts/event';
import { breakerWish } from '@core/domain/runaway';
import { inBackground } from '@core/service/in-background';
import type { SubmitOwn } from './submit-own.ts';

/** Takes trading from an account that runs away, once: while its wish is under way no second one is made. */
export class RunawayBreaker {
  constructor(private readonly submit: SubmitOwn) {}

  committed(event: RecordedEvent): void {
    if (event.type !== 'CommandRefused') return;
    const wish = breakerWish(event.data);
    if (wish === null) return;
    const { id, subject, correlationid } = event;
    inBackground('breaking a runaway', this.submit({ subject, correlationid, ...wish }, id));
  }
}
