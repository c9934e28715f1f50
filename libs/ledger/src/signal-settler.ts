import type { RecordedEvent } from '@core/contracts/event';
import type { Instant, Uuid } from '@core/contracts/primitives';
import { carriedOutBy } from '@core/domain/carried-out';
import { inBackground } from '@core/service/in-background';
import type { Aggregates } from './aggregates.ts';
import type { SubmitOwn } from './submit-own.ts';

export interface SignalSettlerParts {
  readonly aggregates: Pick<Aggregates, 'peek'>;
  readonly now: () => Instant;
  readonly newId: () => Uuid;
  readonly source: string;
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
    const { aggregates, now, newId, source, submit } = this.parts;
    const { id, subject } = event;
    const known = aggregates.peek(subject);
    const wish = known && carriedOutBy(known.state.strategies, event);
    if (!wish) return;
    const correlationid = wish.data.signalId;
    inBackground(
      'a signal is settled',
      submit({ commandid: newId(), source, subject, time: now(), correlationid, ...wish }, id),
    );
  }
}
