import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';

/** Stays below a NATS server's default limit of one megabyte a message, headers and all. */
const BYTES_MAX = 900_000;

type Confirmations = Pick<FeedBatch, 'known' | 'refused'>;

/**
 * What the feed says of one commit, as message bodies: one, unless it would be too large for the wire.
 * Nothing at all when there is nothing to say.
 */
export function feedBodies(events: readonly RecordedEvent[], { known, refused }: Confirmations): string[] {
  const bodies: string[] = [];
  let texts: string[] = [];
  let [bytes, first] = [0, 0];
  const close = (last: number, confirmations: Confirmations) => {
    const { known: confirmed, refused: refusals } = confirmations;
    const rest = JSON.stringify({ known: confirmed, refused: refusals }).slice(1);
    bodies.push(`{"first":${texts.length > 0 ? first : 0},"last":${last},"events":[${texts.join(',')}],${rest}`);
    [texts, bytes] = [[], 0];
  };
  let last = 0;
  for (const event of events) {
    const text = JSON.stringify(event);
    const size = Buffer.byteLength(text);
    if (texts.length > 0 && bytes + size > BYTES_MAX) close(last, { known: [], refused: [] });
    if (texts.length === 0) first = event.position;
    texts.push(text);
    bytes += size + 1;
    last = event.position;
  }
  const confirmations = JSON.stringify(known).length + JSON.stringify(refused).length;
  if (texts.length > 0 && bytes + confirmations > BYTES_MAX) close(last, { known: [], refused: [] });
  if (texts.length > 0 || known.length > 0 || refused.length > 0)
    close(texts.length > 0 ? last : 0, { known, refused });
  return bodies;
}
