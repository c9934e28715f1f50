import type { Instant } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';

const DAY_MS = 24 * 3600 * 1000;
/** Where the day ends in the text of an instant. */
const DATE = 10;

/** Most ended things that an account's state keeps, unless it says less; the oldest leave early. The large tables have them all. */
export const ENDED_MAX = 1000;

/**
 * Ended things stay visible for a day, in a queue ordered by their end.
 * Both ends of that day are measured in the ledger's clock (`recordedtime`): brokers' clocks jump.
 */
export interface Ended {
  id: string;
  until: Instant;
}

/** What a thing carries to be kept after its end: when it may be forgotten; null while it lives. */
export interface Endable {
  keptUntil: Instant | null;
}

/** Marks `thing` as ended now. Ending again starts its day anew. */
export function end(queue: Ended[], id: string, thing: Endable, now: Instant): void {
  thing.keptUntil = dayAfter(now);
  queue.push({ id, until: thing.keptUntil });
}

/** Forgets what ended a day before `now`, and the oldest beyond `most`. */
export function forgetEnded(queue: Ended[], things: Record<string, Endable>, now: Instant, most = ENDED_MAX): void {
  for (let oldest = queue[0]; oldest && (oldest.until < now || queue.length > most); oldest = queue[0]) {
    queue.shift();
    if (things[oldest.id]?.keptUntil === oldest.until) delete things[oldest.id];
  }
}

let known = { date: '', next: '' };

/** The same time on the next day. UTC has no other kind of day, so the dates are worked out once a day. */
function dayAfter(now: Instant): Instant {
  const date = now.slice(0, DATE);
  if (known.date !== date) known = { date, next: instantFromMs(toMs(now) + DAY_MS).slice(0, DATE) };
  return `${known.next}${now.slice(DATE)}`;
}
