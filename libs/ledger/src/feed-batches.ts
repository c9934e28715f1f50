import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';

/** Stays below a NATS server's default limit of one megabyte a message, headers and all. */
const BYTES_MAX = 900_000;

type Confirmations = Pick<FeedBatch, 'known' | 'refused'>;

/**
 * What the feed says of one commit, as message bodies: one, unless it would be too large for the wire.
 * Nothing at all when there is nothing to say.
 */
export function feedBodies(events: readonly RecordedEvent[], confirmations: Confirmations): string[] {
  const { known, refused } = confirmations;
  if (events.length === 0 && known.length === 0 && refused.length === 0) return [];
  const whole = bodyOf(events, confirmations);
  // A character has at most three bytes, so most bodies need no counting.
  if (whole.length * 3 <= BYTES_MAX || Buffer.byteLength(whole) <= BYTES_MAX) return [whole];
  const half = events.length >> 1;
  if (half > 0) return [...feedBodies(events.slice(0, half), NONE), ...feedBodies(events.slice(half), confirmations)];
  if (events.length > 0) return [bodyOf(events, NONE), ...feedBodies([], confirmations)];
  // One line each of no more events than a batch may have: either of both fits.
  return [bodyOf([], { known, refused: [] }), bodyOf([], { known: [], refused })];
}

const NONE: Confirmations = { known: [], refused: [] };

const bodyOf = (events: readonly RecordedEvent[], { known, refused }: Confirmations): string =>
  JSON.stringify({
    first: events[0]?.position ?? 0,
    last: events.at(-1)?.position ?? 0,
    events,
    known,
    refused,
  } satisfies FeedBatch);
