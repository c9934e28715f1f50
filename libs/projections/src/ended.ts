import type { Instant } from '@core/contracts/primitives';
import { instantFromMicros, toMicros } from '@core/kernel/instant';

const DAY_MICROS = 24 * 3600 * 1_000_000;

/** Most ended things that an account's state keeps; the oldest leave early. The large tables have them all. */
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
  thing.keptUntil = instantFromMicros(toMicros(now) + DAY_MICROS);
  queue.push({ id, until: thing.keptUntil });
}

/** Forgets what ended a day before `now`, and the oldest beyond `ENDED_MAX`. */
export function forgetEnded(queue: Ended[], things: Record<string, Endable>, now: Instant): void {
  for (let oldest = queue[0]; oldest && (oldest.until < now || queue.length > ENDED_MAX); oldest = queue[0]) {
    queue.shift();
    if (things[oldest.id]?.keptUntil === oldest.until) delete things[oldest.id];
  }
}
