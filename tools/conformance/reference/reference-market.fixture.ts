import { barsOfTrades, DAY, MINUTE, type Bar } from '../rules/bar-rules.ts';

export interface ReferenceSymbol {
  readonly name: string;
  readonly base: number;
  readonly digits: number;
  readonly session: string;
  readonly isOpen: (second: number) => boolean;
}

const weekday = (second: number): number => (Math.floor(second / DAY) + 4) % 7;

export const SYMBOLS: readonly ReferenceSymbol[] = [
  { name: 'BTCUSD', base: 60_000, digits: 1, session: '24x7', isOpen: () => true },
  {
    name: 'EURUSD',
    base: 1.1,
    digits: 5,
    session: '0000-0000:23456',
    isOpen: (second) => ![0, 6].includes(weekday(second)),
  },
];

/** A price for every second of all time: made of nothing but the second. */
export function bidOf({ base, digits }: ReferenceSymbol, second: number): number {
  const wave = Math.sin(second / 7) + Math.sin(second / 97) + Math.sin(second / 3_301) * 3;
  return Number((base * (1 + wave / 10_000)).toFixed(digits));
}

export const tickOf = ({ digits }: ReferenceSymbol): number => 10 ** -digits;

export const askOf = (symbol: ReferenceSymbol, second: number): number =>
  Number((bidOf(symbol, second) + tickOf(symbol)).toFixed(symbol.digits));

const minutes = new Map<string, Bar>();
const days = new Map<string, Bar>();

function minuteOf(symbol: ReferenceSymbol, start: number, untilSecond = Infinity): Bar | null {
  if (!symbol.isOpen(start) || start > untilSecond) return null;
  const last = Math.min(start + MINUTE - 1, untilSecond);
  const key = `${symbol.name} ${start} ${last}`;
  const known = minutes.get(key);
  if (known) return known;
  const trades = Array.from({ length: last - start + 1 }, (_, index) => {
    const t = start + index;
    return { t, p: bidOf(symbol, t), s: 1 };
  });
  const [bar] = barsOfTrades(trades);
  if (!bar) return null;
  minutes.set(key, bar);
  return bar;
}

/** Bars from `from` to `to`, both included, of a resolution that this feed has. */
export function barsIn(symbol: ReferenceSymbol, daily: boolean, from: number, to: number, now: number): readonly Bar[] {
  const each = daily ? DAY : MINUTE;
  const bars: Bar[] = [];
  for (let start = Math.ceil(from / each) * each; start <= Math.min(to, now); start += each) {
    const bar = daily ? dayOf(symbol, start, now) : minuteOf(symbol, start, now);
    if (bar) bars.push(bar);
  }
  return bars;
}

export function dayOf(symbol: ReferenceSymbol, start: number, now: number): Bar | null {
  const key = `${symbol.name} ${start}`;
  const known = days.get(key);
  if (known) return known;
  const bars = barsIn(symbol, false, start, Math.min(start + DAY - 1, now), now);
  const [first] = bars;
  if (!first) return null;
  const bar = {
    t: start,
    o: first.o,
    h: Math.max(...bars.map(({ h }) => h)),
    l: Math.min(...bars.map(({ l }) => l)),
    c: bars[bars.length - 1]?.c ?? first.o,
    v: bars.reduce((total, { v }) => total + v, 0),
  };
  if (start + DAY <= now) days.set(key, bar);
  return bar;
}
