import type { Instant } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';

/** How far a sender's clock may run ahead of ours before it stops ordering what it sends: a wrong one must not jam it. */
const AHEAD_MAX_MS = 60_000;

/** A sender's time as far as it may order what was sent. */
export function orderedAt(sentAt: Instant, now: Instant): Instant {
  const latest = instantFromMs(toMs(now) + AHEAD_MAX_MS);
  return sentAt < latest ? sentAt : latest;
}

/**
 * Whether what was sent at `sentAt` has been said already: something later was heard, or the same of that time.
 * A clock that runs too far ahead orders nothing, so that it can say the same only once.
 */
export function isOutdated(
  sentAt: Instant,
  now: Instant,
  heard: { readonly at: Instant; readonly isSame: boolean },
): boolean {
  const at = orderedAt(sentAt, now);
  return at < heard.at || (heard.isSame && (at === heard.at || at !== sentAt));
}
