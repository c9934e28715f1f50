import { barOf, type Bar } from '@core/bars/bar';
import { BarPeriods, type BarMinutes } from '@core/bars/bar-periods';
import { barsOf } from '@core/bars/history';
import fc from 'fast-check';
import { BarHistory } from './bar-history.ts';

const [MINUTE, DAY] = [60_000, 86_400_000];
/** From winter to summer time, at a moment within a day. */
const BEGIN = Date.UTC(2026, 1, 20, 9, 17);
const NOW = BEGIN + 120 * DAY;
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
      const question = { venue: 'demo', instrument: 'EURUSD', minutes: length, fromMs: 0, toMs: NOW + DAY };
      const periods = new BarPeriods(length, 'Europe/Warsaw');
      expect(await history.between(question, NOW)).toEqual(barsOf(periods, { ...known, untilMs: NOW }, bars, NOW));
    }),
    { numRuns: 30 },
  );
});
