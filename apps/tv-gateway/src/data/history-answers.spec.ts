import { barOf, type Bar } from '@core/bars/bar';
import type { BarMinutes } from '@core/bars/bar-periods';
import { holesIn, type Range, type Ranges } from '@core/bars/known-ranges';
import type { Decimal } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { BarHistory } from '@core/market-bars/bar-history';
import fc from 'fast-check';
import { HistoryAnswers } from './history-answers.ts';

const [MINUTE, DAY] = [60_000, 86_400_000];
/** Clocks in Warsaw are put forward on the 29th. */
const BEGIN = Date.UTC(2026, 2, 27);
const DAYS = 5;
const NOW = BEGIN + DAYS * DAY;
const of = { venue: 'demo', instrument: 'EURUSD' };

/** Bars of which stretches are settled one after the other; before that each is a draft that says something else. */
class SettlingBars {
  known: Ranges = [];
  floorMs = BEGIN + DAY;

  constructor(private readonly all: readonly Bar[]) {}

  readonly terms = async () => ({ floorMs: this.floorMs, dayZone: 'Europe/Warsaw' });
  readonly ranges = async () => this.known;

  readonly bars = async (_venue: string, _instrument: string, { fromMs, untilMs }: Range) =>
    this.all.flatMap((bar) => {
      const atMs = bar.openedAtMs;
      if (atMs < fromMs || atMs >= untilMs) return [];
      const isSettled = holesIn(this.known, { fromMs: atMs, untilMs: atMs + 1 }).length === 0;
      return [isSettled ? bar : barOf(atMs, '9.9')];
    });

  history(): BarHistory {
    return new BarHistory({ terms: this.terms, known: this.ranges, bars: this.bars }, 3_000);
  }
}

const bars = fc
  .uniqueArray(fc.nat(DAYS * 1_440), { minLength: 50, maxLength: 200 })
  .map((all) =>
    all.toSorted((one, other) => one - other).map((at) => barOf(BEGIN + at * MINUTE, `1.${1_000 + at}` as Decimal)),
  );
const someTime = fc.integer({ min: 1, max: 1_440 });
/** Time passes, the past is filled back, the floor is lowered; or a question is asked, of a kind that comes again. */
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ passes: someTime, behind: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ fillsBack: someTime }) },
  { weight: 1, arbitrary: fc.record({ lowersFloorBy: fc.nat(600) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      asks: fc.constantFrom<BarMinutes>(1, 240, 1440),
      day: fc.integer({ min: 0, max: DAYS - 1 }),
      days: fc.constantFrom(0, 1),
    }),
  },
);

it('what is kept is what would be told now, whatever was settled and asked before', async () => {
  await fc.assert(
    fc.asyncProperty(bars, fc.array(step, { minLength: 30, maxLength: 60 }), async (all, steps) => {
      const store = new SettlingBars(all);
      let nowMs = BEGIN + 2 * DAY;
      store.known = [{ fromMs: nowMs - 60 * MINUTE, untilMs: nowMs }];
      const kept = new HistoryAnswers(store.history());
      for (const each of steps) {
        const { fromMs: reachMs, untilMs } = present(store.known[0], 'something is known');
        if ('passes' in each) {
          nowMs = Math.min(NOW, nowMs + each.passes * MINUTE);
          store.known = [{ fromMs: reachMs, untilMs: Math.max(untilMs, nowMs - each.behind * MINUTE) }];
        } else if ('fillsBack' in each) {
          store.known = [{ fromMs: Math.max(BEGIN, reachMs - each.fillsBack * MINUTE), untilMs }];
        } else if ('lowersFloorBy' in each) {
          store.floorMs = Math.max(BEGIN, store.floorMs - each.lowersFloorBy * MINUTE);
        } else {
          const fromMs = BEGIN + each.day * DAY;
          const question = { ...of, minutes: each.asks, fromMs, toMs: fromMs + each.days * DAY };
          const told = (answers: HistoryAnswers) => answers.between(question, nowMs).then(String, String);
          expect(await told(kept)).toBe(await told(new HistoryAnswers(store.history())));
        }
      }
    }),
    { numRuns: 60 },
  );
});

it('a settled day is read once; what is not settled is read each time', async () => {
  const store = new SettlingBars([barOf(BEGIN + 2 * DAY, '1.1')]);
  const reads = jest.spyOn(store, 'bars');
  const answers = new HistoryAnswers(store.history());
  const question = { ...of, minutes: 1 as const, fromMs: BEGIN + 2 * DAY, toMs: BEGIN + 3 * DAY - MINUTE };
  store.known = [{ fromMs: BEGIN + DAY, untilMs: BEGIN + 3 * DAY - MINUTE }];
  for (let n = 0; n < 2; n += 1) await answers.between(question, NOW).catch(() => undefined);
  const before = reads.mock.calls.length;
  store.known = [{ fromMs: BEGIN + DAY, untilMs: NOW }];
  const [first, second] = [await answers.between(question, NOW), await answers.between(question, NOW)];
  expect(second).toBe(first);
  expect(reads.mock.calls.length - before).toBe(1);
});
