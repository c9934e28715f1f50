import type { Instant } from '@core/contracts/primitives';
import { daysFrom } from '@core/kernel/instant';

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

const dayAfter = daysFrom(1);
