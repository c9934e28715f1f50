import type { RecordedEvent } from '@core/contracts/event';
import { carriedOutBy } from '@core/domain/carried-out';
import { inBackground } from '@core/service/in-background';
import type { Aggregates } from './aggregates.ts';
import type { SubmitOwn } from './submit-own.ts';

export interface SignalSettlerParts {
  readonly aggregates: Pick<Aggregates, 'peek'>;
  readonly submit: SubmitOwn;
}

/**
 * Records that a signal is executed with the transaction after the one that carried it out: nobody has to see the fact
 * and come back. What a ledger leaves behind, or its account is not in memory for, the webhook that follows it settles.
 */
export class SignalSettler {
  constructor(private readonly parts: SignalSettlerParts) {}

  /** Its account knows of it already. */
  committed(event: RecordedEvent): void {
    if (event.type !== 'PositionOpened' && event.type !== 'PositionClosed') return;
    const { aggregates, submit } = this.parts;
    const { id, subject } = event;
    const known = aggregates.peek(subject);
    const wish = known && carriedOutBy(known.state.strategies, event);
    if (!wish) return;
    inBackground('a signal is settled', submit({ subject, correlationid: wish.data.signalId, ...wish }, id));
  }
}
