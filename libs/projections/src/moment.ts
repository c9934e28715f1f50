import type { RecordedEvent } from '@core/contracts/event';
import type { Instant, Uuid } from '@core/contracts/primitives';

/** When something became so, and through what: the way from a state back into the log. */
export interface Moment {
  /** When it happened, in the clock of whoever saw it first. */
  at: Instant;
  /** The event's place in the log. */
  position: number;
  eventId: Uuid;
  /** The process it belongs to: the same for everything that one wish or one outside fact set in motion. */
  correlationId: Uuid;
  causationId: Uuid | null;
}

export const momentOf = (event: RecordedEvent): Moment => ({
  at: event.time,
  position: event.position,
  eventId: event.id,
  correlationId: event.correlationid,
  causationId: event.causationid,
});
