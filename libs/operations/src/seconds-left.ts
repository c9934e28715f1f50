/** Where something was at a moment. */
export interface Sighting {
  readonly position: number;
  readonly atMs: number;
}

/** How long so many more take at the pace between two sightings; null where there was none. */
export function secondsLeft(first: Sighting, last: Sighting, more: number): number | null {
  const passedMs = last.atMs - first.atMs;
  const done = last.position - first.position;
  return passedMs > 0 && done > 0 ? Math.ceil((more * passedMs) / done / 1_000) : null;
}
