import { barOf, type Bar } from '@core/bars/bar';
import { BarPeriods, type BarMinutes } from '@core/bars/bar-periods';
import { barsOf } from '@core/bars/history';
import fc from 'fast-check';
import { BarHistory } from './bar-history.ts';

const [MINUTE, DAY] = [60_000, 86_400_000];
/** From winter to summer time, at a moment within a day. */
const BEGIN = Date.UTC(2026, 1, 20, 9, 17);
const NOW = BEGIN + 120 * DAY;
const of = { venue: 'demo', instrument: 'EURUSD' };
const known = { fromMs: BEGIN, untilMs: NOW - (NOW % MINUTE) };

it('bars of however much time are those of all its minutes at once', async () => {
  const minutes = fc
    .uniqueArray(fc.nat(120 * 1_440 - 1), { maxLength: 300 })
    .map((all) =>
      all.toSorted((one, other) => one - other).map((at) => barOf(known.fromMs + at * MINUTE, `${1 + (at % 97)}`)),
    );
  const lengths = fc.constantFrom<BarMinutes>(1, 60, 240, 1440);
  await fc.assert(
    fc.asyncProperty(minutes, lengths, async (bars: readonly Bar[], length) => {
      const history = new BarHistory(
        {
          terms: async () => ({ floorMs: 0, dayZone: 'Europe/Warsaw' }),
          known: async () => [known],
          bars: async (_venue, _instrument, { fromMs, untilMs }) =>
            bars.filter(({ openedAtMs }) => fromMs <= openedAtMs && openedAtMs < untilMs),
        },
        1_000,
      );
      const question = { ...of, minutes: length, fromMs: 0, toMs: NOW + DAY };
      const periods = new BarPeriods(length, 'Europe/Warsaw');
      expect(await history.between(question, NOW)).toEqual(barsOf(periods, { ...known, untilMs: NOW }, bars, NOW));
    }),
    { numRuns: 30 },
  );
});

it('the day that runs is what a question for it is answered, however often and whenever it was asked before', async () => {
  const zone = 'Europe/Warsaw';
  const day = Date.UTC(2026, 2, 29);
  const minutes = fc
    .uniqueArray(fc.nat(3_000), { maxLength: 200 })
    .map((all) => all.toSorted((one, other) => one - other).map((at) => barOf(day + (at - 90) * MINUTE, `${1 + at}`)));
  /** When it is asked, after how much of the time before is settled, and from when on anything is. */
  const moment = fc.record({
    atMs: fc.integer({ min: 0, max: 2_900 * MINUTE }),
    behind: fc.nat(3),
    reach: fc.constantFrom(0, 0, 0, 2_000),
  });
  await fc.assert(
    fc.asyncProperty(minutes, fc.array(moment, { maxLength: 20 }), async (bars: readonly Bar[], moments) => {
      let known = { fromMs: 0, untilMs: 0 };
      const history = new BarHistory(
        {
          terms: async () => ({ floorMs: 0, dayZone: zone }),
          known: async () => [known],
          bars: async (_venue, _instrument, { fromMs, untilMs }) =>
            bars.filter(({ openedAtMs }) => fromMs <= openedAtMs && openedAtMs < untilMs),
        },
        1_000,
      );
      for (const { atMs, behind, reach } of moments.toSorted((one, other) => one.atMs - other.atMs)) {
        const nowMs = day + atMs;
        const untilMs = Math.max(known.untilMs, nowMs - (nowMs % MINUTE) - behind * MINUTE);
        known = { fromMs: reach === 0 ? 0 : day - reach, untilMs };
        const { openedAtMs } = new BarPeriods(1440, zone).of(nowMs);
        const asked = { ...of, minutes: 1440 as const, fromMs: openedAtMs, toMs: openedAtMs };
        const told = await history.between(asked, nowMs);
        expect(await history.runningDay(of.venue, of.instrument, nowMs)).toEqual(
          told === 'unknown' ? null : (told[0] ?? null),
        );
      }
    }),
  );
});
