import type { EventType, RecordedEvent } from '@core/contracts/event';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';
import { describeEvent } from './describe-event.ts';

/** One event as a line of a list. */
export interface LogLine {
  readonly position: number;
  readonly id: Uuid;
  readonly type: EventType;
  readonly account: AccountId;
  /** By the ledger's clock. */
  readonly recorded: Instant;
  readonly source: string;
  readonly correlation: Uuid;
  /** What happened, in a few words. */
  readonly words: string;
}

/** Samples that come by themselves, and say nothing that anybody did. */
export const NOISE: readonly EventType[] = ['EquityMarked'];

export const logLine = (event: RecordedEvent): LogLine => ({
  position: event.position,
  id: event.id,
  type: event.type,
  account: event.subject,
  recorded: event.recordedtime,
  source: event.source,
  correlation: event.correlationid,
  words: describeEvent(event),
});
