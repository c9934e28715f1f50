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

/**
 * A message of the feed, or null where it is none: numbers that fit each other, and events at their places.
 * What the events themselves say is not looked at: whether it stands in the log is a question to the log.
 */
export const readFeedBatch = (message: unknown): FeedBatch | null => (isFeedBatch(message) ? message : null);

function isFeedBatch(message: unknown): message is FeedBatch {
  if (!isObject(message)) return false;
  const { first, last, events, known, refused } = message;
  return (
    isCount(first) &&
    isCount(last) &&
    Array.isArray(events) &&
    events.length === (last === 0 ? 0 : last - first + 1) &&
    first > 0 === last > 0 &&
    first <= last &&
    events.every((event, index) => isEventAt(event, first + index)) &&
    isListOf(known, ({ id, position }) => typeof id === 'string' && isCount(position)) &&
    isListOf(refused, ({ id, reason }) => typeof id === 'string' && typeof reason === 'string')
  );
}

const isEventAt = (event: unknown, place: number): boolean =>
  isObject(event) &&
  event['position'] === place &&
  isCount(event['version']) &&
  isObject(event['data']) &&
  ['id', 'type', 'subject', 'time', 'recordedtime'].every((name) => typeof event[name] === 'string');

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isListOf = (value: unknown, isOne: (entry: Record<string, unknown>) => boolean): boolean =>
  Array.isArray(value) && value.every((entry) => isObject(entry) && isOne(entry));
