import type { Event, EventBody, RecordedEvent } from './event.ts';
import type { Uuid } from './primitives.ts';

/** What a sender puts into the intake: events of one account, in order, together. Its id deduplicates the message. */
export interface IntakeBatch {
  readonly batchid: Uuid;
  readonly events: readonly Event[];
}

/** Most events in one intake message, so that it stays far below the broker's payload limit. */
export const INTAKE_EVENTS_MAX = 200;

/**
 * The feed: one committed batch. `events` are positions `first` to `last` without a hole; both are 0 when it is empty.
 * `known` confirms events that were sent again though the log already held them.
 * `refused` names events that will never be recorded (quarantined), so that their sender stops sending them.
 */
export interface FeedBatch {
  readonly first: number;
  readonly last: number;
  readonly events: readonly RecordedEvent[];
  readonly known: readonly { readonly id: Uuid; readonly position: number }[];
  readonly refused: readonly {
    readonly id: Uuid;
    readonly reason: EventBody<'MessageQuarantined'>['data']['reason'];
  }[];
}
