/** Time from a moment up to before another, in milliseconds. */
export interface Range {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Stretches of time, in order and apart. */
export type Ranges = readonly Range[];

/** With one more; what overlaps or touches becomes one. */
export function withRange(ranges: Ranges, added: Range): Ranges {
  if (added.fromMs >= added.untilMs) return ranges;
  const before = ranges.filter(({ untilMs }) => untilMs < added.fromMs);
  const after = ranges.filter(({ fromMs }) => fromMs > added.untilMs);
  const touched = ranges.slice(before.length, ranges.length - after.length);
  const fromMs = Math.min(added.fromMs, ...touched.map((range) => range.fromMs));
  const untilMs = Math.max(added.untilMs, ...touched.map((range) => range.untilMs));
  return [...before, { fromMs, untilMs }, ...after];
}

/** What of `within` is in none of them, in order. */
export function holesIn(ranges: Ranges, within: Range): Ranges {
  const holes: Range[] = [];
  let atMs = within.fromMs;
  for (const { fromMs, untilMs } of ranges) {
    if (untilMs <= atMs) continue;
    if (fromMs >= within.untilMs) break;
    if (fromMs > atMs) holes.push({ fromMs: atMs, untilMs: fromMs });
    atMs = untilMs;
  }
  if (atMs < within.untilMs) holes.push({ fromMs: atMs, untilMs: within.untilMs });
  return holes;
}

/** The newest part of the newest hole, no longer than `longestMs`: what is asked for next; null where there is none. */
export function newestHole(ranges: Ranges, within: Range, longestMs: number): Range | null {
  const hole = holesIn(ranges, within).at(-1);
  return hole ? { fromMs: Math.max(hole.fromMs, hole.untilMs - longestMs), untilMs: hole.untilMs } : null;
}
