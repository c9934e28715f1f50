import fc from 'fast-check';
import { barOf, joined, type Bar } from './bar.ts';
import { BAR_MINUTES, BarPeriods } from './bar-periods.ts';
import { barsOf, minutesOf } from './history.ts';

const MINUTE = 60_000;
const ZONE = 'Europe/Warsaw';
/** Two days on either side of the night in which the clock goes back. */
const START = Date.parse('2026-10-23T22:00:00Z');
const MINUTES = 4 * 1440;
const at = (minute: number): number => START + minute * MINUTE;

const lengths = fc.constantFrom(...BAR_MINUTES);
const ticked = fc
  .uniqueArray(fc.nat(MINUTES - 1), { maxLength: 80 })
  .map((some) => some.toSorted((left, right) => left - right).map((minute): Bar => barOf(at(minute), `${1 + minute}`)));
const moment = fc.nat(MINUTES).chain((minute) => fc.nat(MINUTE - 1).map((ms) => at(minute) + ms));

const ask = (minutes: readonly Bar[], length: (typeof BAR_MINUTES)[number], fromMs: number, toMs: number): Bar[] => {
  const coverage = {
    ...{ known: [{ fromMs: START, untilMs: at(MINUTES) }], floorMs: START },
    ...{ pendingFromMs: at(MINUTES), nowMs: at(MINUTES) },
  };
  const periods = new BarPeriods(length, ZONE);
  const within = minutesOf({ periods, fromMs, toMs }, coverage);
  if (within === 'unknown') throw new Error('all of it is known');
  const inside = minutes.filter(({ openedAtMs }) => openedAtMs >= within.fromMs && openedAtMs < within.untilMs);
  return barsOf(periods, within, inside, coverage.nowMs);
};

describe('history', () => {
  it('is the same asked at once or in parts, has what it was asked for and every minute once', () => {
    fc.assert(
      fc.property(ticked, lengths, fc.array(moment, { maxLength: 4 }), (minutes, length, cuts) => {
        const all = ask(minutes, length, 0, Infinity);
        expect(all.reduce((sum, { volume }) => sum + volume, 0)).toBe(minutes.length);
        const ends = [...cuts.toSorted((left, right) => left - right), at(2 * MINUTES)];
        let fromMs = 0;
        const parts = ends.flatMap((toMs) => {
          const part = ask(minutes, length, fromMs, toMs);
          for (const { openedAtMs } of part) expect(openedAtMs >= fromMs && openedAtMs <= toMs).toBe(true);
          fromMs = toMs + 1;
          return part;
        });
        expect(parts).toEqual(all);
        for (const bar of all) expect(ask(minutes, length, bar.openedAtMs, bar.openedAtMs)).toEqual([bar]);
      }),
    );
  });

  it('has longer bars that are made of shorter ones', () => {
    fc.assert(
      fc.property(ticked, fc.constantFrom(5, 15, 30, 60, 240, 1440), (minutes, length) => {
        const hours = ask(minutes, length, 0, Infinity);
        const periods = new BarPeriods(length, ZONE);
        const made = new Map<number, Bar>();
        for (const minute of minutes) {
          const { openedAtMs } = periods.of(minute.openedAtMs);
          const bar = made.get(openedAtMs);
          made.set(openedAtMs, bar ? joined(bar, minute) : { ...minute, openedAtMs });
        }
        expect(hours).toEqual([...made.values()]);
      }),
    );
  });
});

it('a day without its beginning is none, and one that runs is told as it stands', () => {
  const periods = new BarPeriods(1440, ZONE);
  const minutes = [barOf(at(30), '1'), barOf(at(1440), '2'), barOf(at(2940), '3')];
  const within = { fromMs: at(30), untilMs: at(2960) };
  const bars = barsOf(periods, within, minutes, at(2960));
  expect(bars.map(({ openedAtMs }) => new Date(openedAtMs).toISOString().slice(0, 10))).toEqual([
    '2026-10-25',
    '2026-10-26',
  ]);
});
