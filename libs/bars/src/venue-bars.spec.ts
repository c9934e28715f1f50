import type { PriceState } from '@core/contracts/market/quote';
import type { PriceChange } from '@core/contracts/market/tick';
import { toMs } from '@core/kernel/instant';
import fc from 'fast-check';
import { barOf, withTick, type Bar } from './bar.ts';
import { holesIn, withRange, type Range, type Ranges } from './known-ranges.ts';
import { minuteOf } from './minute-series.ts';
import { VenueBars } from './venue-bars.ts';

const MINUTE = 60_000;
const NEXT_MS = 3_000;
const SYMBOLS = ['EURUSD', 'GOLD'];

const bid = fc.integer({ min: 1, max: 9 }).map((points) => `${points}` as const);
const price = fc.record({ instrument: fc.constantFrom(...SYMBOLS), bid, ask: fc.constant('10' as const) });
/** A message so long after the one before, what may go wrong before it, prices, and when the next one is due. */
const step = fc.record({
  nextMs: fc.oneof({ weight: 3, arbitrary: fc.constant(NEXT_MS) }, fc.constant(150_000)),
  waitMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 2_900 }) },
    fc.integer({ min: 3_001, max: 200_000 }),
  ),
  trouble: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    fc.constantFrom<'missed' | 'restart' | 'back' | PriceState>('missed', 'restart', 'back', 'stale', 'live', 'closed'),
  ),
  prices: fc.array(price, { maxLength: 3 }),
});

/** Bars as anybody makes them of published changes. */
function barsOf(changes: readonly PriceChange[], instrument: string): Bar[] {
  const bars = new Map<number, Bar>();
  for (const { bid: told, at, isTick, ...change } of changes) {
    if (!isTick || change.instrument !== instrument) continue;
    const minute = minuteOf(toMs(at));
    const bar = bars.get(minute);
    bars.set(minute, bar ? withTick(bar, told) : barOf(minute, told));
  }
  return [...bars.values()];
}

/** Time in which something of an instrument may have been missed. */
interface Unheard {
  readonly instrument: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const inside = (bars: readonly Bar[], ranges: Ranges): Bar[] =>
  bars.filter(({ openedAtMs: atMs }) => ranges.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs));

it('what is settled as heard is what anybody makes of the ticks, each minute once, whatever goes wrong', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      let nowMs = 10 * MINUTE;
      let lastMs = 0;
      let bars = new VenueBars(0);
      const changes: PriceChange[] = [];
      const settled: { readonly instrument: string; readonly range: Range; readonly bars: readonly Bar[] }[] = [];
      const drafts = new Map<string, Bar>();
      let unheard: Unheard[] = [];
      let [heardMs, dueMs] = [nowMs, Infinity];
      let staleMs: number | null = null;
      for (const { waitMs, trouble, prices, nextMs } of steps) {
        nowMs += trouble === 'back' ? -waitMs : waitMs;
        // Nobody begins anew before the moment of what was told or settled last, nor in it.
        if (trouble === 'restart') nowMs = Math.max(nowMs, lastMs) + 1;
        // What a clock that goes back tells again is heard again.
        if (trouble === 'back') unheard = unheard.map((each) => ({ ...each, toMs: Math.min(each.toMs, nowMs) }));
        if (trouble === 'missed' || trouble === 'restart' || nowMs > dueMs)
          for (const instrument of SYMBOLS) unheard.push({ instrument, fromMs: heardMs, toMs: nowMs });
        if (staleMs !== null) unheard.push({ instrument: 'GOLD', fromMs: staleMs, toMs: nowMs });
        [heardMs, dueMs] = [nowMs, nowMs + nextMs];
        if (trouble === 'stale') staleMs = nowMs;
        else if (trouble === 'restart' || trouble === 'live' || trouble === 'closed') staleMs = null;
        else if (staleMs !== null) staleMs = nowMs;
        if (trouble === 'missed') bars.missed();
        else if (trouble === 'restart') bars = new VenueBars(lastMs);
        else if (trouble !== null && trouble !== 'back') bars.stands('GOLD', trouble, nowMs);
        const counted = bars.hear(prices, nowMs, nextMs);
        changes.push(...counted.changes);
        for (const { at } of counted.changes) lastMs = Math.max(lastMs, toMs(at));
        for (const { range, bars: told } of counted.settled)
          for (const [instrument, some] of told) {
            settled.push({ instrument, range, bars: some });
            lastMs = Math.max(lastMs, range.untilMs);
            const isIn = (missed: Unheard): boolean =>
              missed.instrument === instrument && missed.fromMs < range.untilMs && range.fromMs < missed.toMs;
            expect(unheard.filter(isIn)).toEqual([]);
          }
        for (const [instrument, draft] of bars.drafts()) drafts.set(`${instrument} ${draft.openedAtMs}`, draft);
      }
      for (const instrument of SYMBOLS) {
        const moments = changes.filter((change) => change.instrument === instrument).map(({ at }) => at);
        expect(moments).toEqual(moments.toSorted());
        let known: Ranges = [];
        for (const { range, bars: told } of settled.filter((each) => each.instrument === instrument)) {
          expect(holesIn(known, range)).toEqual([range]);
          known = withRange(known, range);
          expect(told).toEqual(inside(barsOf(changes, instrument), [range]));
          for (const bar of told) expect(drafts.get(`${instrument} ${bar.openedAtMs}`)).toEqual(bar);
        }
      }
    }),
    { numRuns: 300 },
  );
});

const told = (instrument: string, price: '1' | '2' | '3') => ({ instrument, bid: price, ask: '10' as const });

/** A message every second from one moment to before another. */
function listen(bars: VenueBars, fromMs: number, untilMs: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let atMs = fromMs; atMs < untilMs; atMs += 1_000) {
    const { settled } = bars.hear([told('EURUSD', atMs % 2_000 === 0 ? '1' : '2')], atMs, NEXT_MS);
    ranges.push(...settled.filter((each) => each.bars.has('GOLD')).map(({ range }) => range));
  }
  return ranges;
}

it('settles whole minutes of everything there is, though nothing of it moves', () => {
  const bars = new VenueBars(0);
  bars.begin('GOLD', null, 30_000);
  expect(listen(bars, 30_000, 4 * MINUTE)).toEqual(
    [1, 2].map((at) => ({ fromMs: at * MINUTE, untilMs: (at + 1) * MINUTE })),
  );
});

it('what is stale is not heard until the minute after it is live again', () => {
  const bars = new VenueBars(0);
  bars.begin('GOLD', told('GOLD', '1'), 0);
  listen(bars, 0, 1_000);
  bars.stands('GOLD', 'stale', 1_000);
  expect(listen(bars, 1_000, 2 * MINUTE)).toEqual([]);
  bars.stands('GOLD', 'live', 2 * MINUTE + 1);
  expect(listen(bars, 2 * MINUTE, 5 * MINUTE)).toEqual([{ fromMs: 3 * MINUTE, untilMs: 4 * MINUTE }]);
});

it('a price that was known before, or of what is closed, is no tick; a changed ask is told and counts for no bar', () => {
  const bars = new VenueBars(0);
  bars.begin('GOLD', told('GOLD', '1'), 0);
  expect(bars.hear([told('GOLD', '1')], 0, NEXT_MS).changes).toEqual([]);
  expect(bars.hear([{ ...told('GOLD', '1'), ask: '11' }], 1, NEXT_MS).changes).toMatchObject([{ isTick: false }]);
  bars.stands('GOLD', 'closed', 2);
  expect(bars.hear([told('GOLD', '2')], 2, NEXT_MS).changes).toEqual([]);
  bars.stands('GOLD', 'live', 3);
  expect(bars.hear([told('GOLD', '2')], 3, NEXT_MS).changes).toEqual([]);
  expect(bars.hear([told('GOLD', '3')], 4, NEXT_MS).changes).toMatchObject([{ isTick: true, bid: '3' }]);
});
