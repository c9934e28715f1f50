import { nextNight, nightsOf, Rollover } from './rollover.ts';

const newYork = Rollover.parse({});
const warsaw = Rollover.parse({ at: '00:00', zone: 'Europe/Warsaw' });

describe('a trading day ends', () => {
  it.each([
    // Monday noon in New York.
    [newYork, '2026-01-05T17:00:00.000000Z', '2026-01-05T22:00:00.000000Z', 1],
    // The moment itself is over.
    [newYork, '2026-01-05T22:00:00.000000Z', '2026-01-06T22:00:00.000000Z', 2],
    // America's summer time begins on the 8th of March.
    [newYork, '2026-03-06T22:30:00.000000Z', '2026-03-07T22:00:00.000000Z', 6],
    [newYork, '2026-03-07T22:30:00.000000Z', '2026-03-08T21:00:00.000000Z', 7],
    // A day that ends at midnight is the day before.
    [warsaw, '2026-01-07T12:00:00.000000Z', '2026-01-07T23:00:00.000000Z', 3],
    [warsaw, '2026-07-07T22:30:00.000000Z', '2026-07-08T22:00:00.000000Z', 3],
    // There is no two o'clock on that night in Warsaw: the hour after.
    [
      Rollover.parse({ at: '02:30', zone: 'Europe/Warsaw' }),
      '2026-03-28T12:00:00.000000Z',
      '2026-03-29T01:30:00.000000Z',
      7,
    ],
  ] as const)('with %j after %s at %s, a day of the week %i', (rollover, after, at, weekday) => {
    expect(nextNight(after, rollover)).toEqual({ at, weekday });
  });

  it('again and again, each a day after the other', () => {
    let at = '2026-01-01T00:00:00.000000Z';
    const days: number[] = [];
    for (let day = 0; day < 365; day += 1) {
      const night = nextNight(at, warsaw);
      expect(night.at > at).toBe(true);
      days.push(night.weekday);
      at = night.at;
    }
    expect(at.slice(0, 10)).toBe('2026-12-31');
    expect(days.slice(0, 8)).toEqual([4, 5, 6, 7, 1, 2, 3, 4]);
  });
});

it.each([
  [1, 3, '1'],
  [3, 3, '3'],
  [5, 3, '1'],
  [5, 5, '3'],
  [6, 3, '0'],
  [7, 7, '0'],
  [2, null, '1'],
])('day %i with triple day %s is charged for %s nights', (weekday, tripleDay, nights) => {
  expect(nightsOf({ at: '', weekday }, tripleDay)).toBe(nights);
});

it.each([{ at: '24:00' }, { at: '5pm' }, { zone: 'Mars/Olympus' }, { zone: '' }])('%j is no rollover', (rollover) => {
  expect(Rollover.safeParse(rollover).success).toBe(false);
});
