import type { BarColumns } from '../broker-words.ts';
import type { Fault } from '../verdict.ts';

export const MINUTE = 60;
export const DAY = 86_400;

export interface Bar {
  readonly t: number;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
}

/** Rows of columns; what is missing in a column is not a number. */
export const barsOf = ({ t, o, h, l, c, v }: BarColumns): readonly Bar[] =>
  t.map((time, index) => {
    const at = (column: readonly number[]): number => column[index] ?? Number.NaN;
    return { t: time, o: at(o), h: at(h), l: at(l), c: at(c), v: at(v) };
  });

export const timeText = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
export const barText = ({ t, o, h, l, c, v }: Bar): string => `${timeText(t)} ${[o, h, l, c, v].join('/')}`;

/** A bar whose prices are in no order, that has no volume, or does not begin where its resolution says. */
export function barFaults(bars: readonly Bar[], secondsEach: number): readonly Fault[] {
  return bars.flatMap((bar) => {
    const { t, o, h, l, c, v } = bar;
    if (![o, h, l, c, v].every(Number.isFinite)) return [{ expected: 'columns of equal length', got: barText(bar) }];
    const faults: Fault[] = [];
    if (l > Math.min(o, c) || h < Math.max(o, c))
      faults.push({ expected: 'low at most, and high at least, every other price', got: barText(bar) });
    if (v <= 0) faults.push({ expected: 'no bar without volume', got: barText(bar) });
    if (t % secondsEach !== 0)
      faults.push({ expected: `a bar to begin at a multiple of ${secondsEach} s`, got: barText(bar) });
    return faults;
  });
}

export const orderFaults = (bars: readonly Bar[]): readonly Fault[] =>
  bars.slice(1).flatMap((bar, index) => {
    const before = bars[index] as Bar;
    return bar.t > before.t ? [] : [{ expected: `a bar after ${timeText(before.t)}`, got: timeText(bar.t) }];
  });

export const outside = (bars: readonly Bar[], from: number, to: number): readonly Fault[] =>
  bars
    .filter(({ t }) => t < from || t > to)
    .map(({ t }) => ({ expected: `bars from ${timeText(from)} to ${timeText(to)}, both included`, got: timeText(t) }));

/** What two answers about the same time disagree in. */
export function differences(one: readonly Bar[], other: readonly Bar[]): readonly Fault[] {
  const texts = new Map(other.map((bar) => [bar.t, barText(bar)]));
  const missing = one.filter(({ t }) => !texts.has(t)).map((bar) => ({ expected: barText(bar), got: 'no such bar' }));
  const changed = one
    .filter((bar) => texts.has(bar.t) && texts.get(bar.t) !== barText(bar))
    .map((bar) => ({ expected: barText(bar), got: texts.get(bar.t) ?? '' }));
  const times = new Set(one.map(({ t }) => t));
  const added = other.filter(({ t }) => !times.has(t)).map((bar) => ({ expected: 'no such bar', got: barText(bar) }));
  return [...missing, ...changed, ...added];
}

/** Bars of a minute, made of trades in the order in which they came. */
export function barsOfTrades(
  trades: readonly { readonly t: number; readonly p: number; readonly s: number }[],
): readonly Bar[] {
  const bars = new Map<number, { -readonly [Column in keyof Bar]: Bar[Column] }>();
  for (const { t, p, s } of trades) {
    const start = t - (t % MINUTE);
    const bar = bars.get(start) ?? { t: start, o: p, h: p, l: p, c: p, v: 0 };
    if (bar.v === 0) bars.set(start, bar);
    bar.h = Math.max(bar.h, p);
    bar.l = Math.min(bar.l, p);
    bar.c = p;
    bar.v += s;
  }
  return [...bars.values()].sort((one, other) => one.t - other.t);
}
