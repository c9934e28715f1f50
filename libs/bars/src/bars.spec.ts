import fc from 'fast-check';
import { answerable } from './answerable.ts';
import { barOf, withTick, type Bar } from './bar.ts';
import { holesIn, newestHole, withRange, type Range, type Ranges } from './known-ranges.ts';
import { minuteOf, MinuteSeries } from './minute-series.ts';
import { dayBegins, tradingDayOf } from './trading-day.ts';

const MINUTE = 60_000;
const bid = fc.integer({ min: 1, max: 30 }).map((points) => `${points}` as const);

describe('minutes', () => {
  it('are what anybody makes of the ticks, whatever order prices come in, and no tick goes back', () => {
    const prices = fc.array(fc.tuple(bid, fc.integer({ min: 0, max: 10 * MINUTE }), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(prices, (told) => {
        const series = new MinuteSeries();
        const [given, heard]: [Bar[], Map<number, Bar>] = [[], new Map()];
        let last = 0;
        for (const [price, atMs, isClock] of told) {
          if (isClock) {
            given.push(...[series.endBefore(atMs) ?? []].flat());
            continue;
          }
          const news = series.told(price, atMs);
          if (news === null) continue;
          given.push(...[news.ended ?? []].flat());
          expect(news.tick.atMs).toBeGreaterThanOrEqual(last);
          last = news.tick.atMs;
          const minute = minuteOf(last);
          const bar = heard.get(minute);
          heard.set(minute, bar ? withTick(bar, news.tick.bid) : barOf(minute, news.tick.bid));
        }
        given.push(...[series.running ?? []].flat());
        expect(given).toEqual([...heard.values()]);
      }),
    );
  });

  it('a price that is what it was is no tick', () => {
    const series = new MinuteSeries();
    series.begin('1.1');
    expect(series.told('1.1', 5)).toBeNull();
    expect(series.told('1.2', 5)?.tick).toEqual({ bid: '1.2', atMs: 5 });
  });
});

const rangeFrom = (first: number, last: number): fc.Arbitrary<Range> =>
  fc
    .tuple(fc.integer({ min: first, max: last }), fc.nat(12))
    .map(([from, length]) => ({ fromMs: from * MINUTE, untilMs: (from + length) * MINUTE }));
const range = rangeFrom(0, 40);
const some = fc.array(range, { maxLength: 8 });
const has = (ranges: Ranges, minute: number): boolean =>
  ranges.some(({ fromMs, untilMs }) => fromMs <= minute && minute < untilMs);
const minutes = Array.from({ length: 60 }, (_, index) => index * MINUTE);

describe('known ranges', () => {
  it('hold what was added, apart and in order; holes are the rest', () => {
    fc.assert(
      fc.property(some, range, (added, within) => {
        const known = added.reduce<Ranges>(withRange, []);
        for (const [index, { fromMs }] of known.entries())
          expect(fromMs).toBeGreaterThan(known[index - 1]?.untilMs ?? -1);
        const holes = holesIn(known, within);
        for (const minute of minutes) {
          expect(has(known, minute)).toBe(has(added, minute));
          expect(has(holes, minute)).toBe(has([within], minute) && !has(known, minute));
        }
      }),
    );
  });

  it('are asked for from the newest on, a bounded stretch at a time', () => {
    const known = [{ fromMs: 50, untilMs: 60 }];
    expect(newestHole(known, { fromMs: 0, untilMs: 60 }, 20)).toEqual({ fromMs: 30, untilMs: 50 });
    expect(newestHole(known, { fromMs: 0, untilMs: 70 }, 20)).toEqual({ fromMs: 60, untilMs: 70 });
    expect(newestHole(known, { fromMs: 50, untilMs: 60 }, 20)).toBeNull();
  });
});

describe('what can be answered', () => {
  const nowMs = 50 * MINUTE;
  const coverage = (known: Ranges, floorMs = 0) => ({ known, floorMs, pendingFromMs: nowMs - 3 * MINUTE, nowMs });

  it('is only what is known, and stays so however much more becomes known', () => {
    fc.assert(
      fc.property(some, range, (added, asked) => {
        const known = added.reduce<Ranges>(withRange, []);
        const part = answerable(coverage(known), asked);
        if (part === 'unknown') return;
        for (const minute of minutes) if (has([part], minute)) expect(has(known, minute)).toBe(true);
      }),
    );
  });

  it('is nothing only where nothing was asked of the time between the floor and now', () => {
    fc.assert(
      fc.property(some, rangeFrom(40, 55), fc.integer({ min: 40, max: 55 }), (added, asked, floor) => {
        const floorMs = floor * MINUTE;
        const part = answerable(coverage(added.reduce<Ranges>(withRange, []), floorMs), asked);
        const isAsked = Math.max(asked.fromMs, floorMs) < Math.min(asked.untilMs, nowMs);
        expect(part !== 'unknown' && part.fromMs >= part.untilMs).toBe(!isAsked);
      }),
    );
  });

  it('has the minute that runs, once those before it are settled', () => {
    const settled = { ...coverage([{ fromMs: 0, untilMs: nowMs }]), nowMs: nowMs + 20_000 };
    const asked = { fromMs: 0, untilMs: 99 * MINUTE };
    expect(answerable(settled, asked)).toEqual({ fromMs: 0, untilMs: nowMs + 20_000 });
    const late = { ...settled, known: [{ fromMs: 0, untilMs: nowMs - MINUTE }] };
    expect(answerable(late, asked)).toEqual({ fromMs: 0, untilMs: nowMs - MINUTE });
  });

  it('is the same for a large question as for its parts', () => {
    fc.assert(
      fc.property(some, range, fc.nat(12), (added, asked, cut) => {
        const whole = coverage(added.reduce<Ranges>(withRange, []));
        const atMs = Math.min(asked.untilMs, asked.fromMs + cut * MINUTE);
        const large = answerable(whole, asked);
        if (large === 'unknown') return;
        const parts = [
          { ...asked, untilMs: atMs },
          { ...asked, fromMs: atMs },
        ].map((part) => answerable(whole, part));
        const told = parts.filter((part) => part !== 'unknown');
        for (const minute of minutes) expect(has(told, minute)).toBe(has([large], minute));
      }),
    );
  });

  it('ends before minutes that are not settled, begins where anything is known, and has no holes', () => {
    const known = [{ fromMs: 10 * MINUTE, untilMs: 48 * MINUTE }];
    const all = { fromMs: 0, untilMs: 99 * MINUTE };
    expect(answerable(coverage(known), all)).toEqual(known[0]);
    expect(answerable(coverage(known), { fromMs: 0, untilMs: 5 * MINUTE })).toBe('unknown');
    expect(answerable(coverage(known, 5 * MINUTE), { fromMs: 0, untilMs: 5 * MINUTE })).toMatchObject({});
    const torn = withRange(known, { fromMs: 49 * MINUTE, untilMs: nowMs }).slice();
    torn.splice(0, 1, { fromMs: 10 * MINUTE, untilMs: 30 * MINUTE });
    expect(answerable(coverage(torn), { fromMs: 20 * MINUTE, untilMs: 40 * MINUTE })).toBe('unknown');
  });
});

describe('a trading day', () => {
  it.each([
    ['2026-01-04T22:59:00Z', '2026-01-04'],
    ['2026-01-04T23:00:00Z', '2026-01-05'],
    ['2026-07-05T21:59:00Z', '2026-07-05'],
    ['2026-07-05T22:00:00Z', '2026-07-06'],
  ])('%s is of %s in Warsaw', (at, day) => {
    expect(tradingDayOf(Date.parse(at), 'Europe/Warsaw')).toBe(Date.parse(day));
  });

  it.each([
    ['2026-01-05', '2026-01-04T23:00:00Z'],
    ['2026-07-06', '2026-07-05T22:00:00Z'],
    ['2026-03-29', '2026-03-28T23:00:00Z'],
    ['2026-10-26', '2026-10-25T23:00:00Z'],
  ])('%s begins at %s', (day, at) => {
    expect(dayBegins(Date.parse(day), 'Europe/Warsaw')).toBe(Date.parse(at));
  });
});
