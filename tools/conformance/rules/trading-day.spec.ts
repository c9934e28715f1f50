import { hoursOf, isOpenAt } from './trading-day.ts';

const row = (session: string, timezone: string) => ({
  ...{ symbol: 'X', ticker: 'X', session, timezone },
  ...{ hasDaily: true, hasIntraday: true },
});
const at = (text: string): number => Date.parse(text) / 1_000;
const hours = (session: string, timezone: string, day: string) => {
  const found = hoursOf(row(session, timezone), at(`${day}T00:00Z`));
  return found && [found.from, found.to].map((second) => new Date(second * 1_000).toISOString().slice(0, 16));
};

it.each([
  ['24x7', 'Etc/UTC', '2026-01-10', ['2026-01-10T00:00', '2026-01-11T00:00']],
  ['24x7', 'Europe/Warsaw', '2026-03-29', ['2026-03-28T23:00', '2026-03-29T22:00']],
  ['0000-0000:23456', 'Etc/UTC', '2026-01-07', ['2026-01-07T00:00', '2026-01-08T00:00']],
  ['0000-0000:23456', 'Etc/UTC', '2026-01-10', null],
  ['1700-1700:23456', 'America/New_York', '2026-01-05', ['2026-01-04T22:00', '2026-01-05T22:00']],
  ['1700-1700:23456', 'America/New_York', '2026-07-06', ['2026-07-05T21:00', '2026-07-06T21:00']],
  ['0930-1600', 'America/New_York', '2026-03-09', ['2026-03-09T13:30', '2026-03-09T20:00']],
  ['0900-1200,1300-1730:2|1000-1100:3', 'Europe/Warsaw', '2026-01-05', ['2026-01-05T08:00', '2026-01-05T16:30']],
])('%s in %s on %s', (session, timezone, day, expected) => {
  expect(hours(session, timezone, day)).toEqual(expected);
});

it('a market is open from its opening until before its close', () => {
  const forex = row('1700-1700:23456', 'America/New_York');
  expect(['2026-01-04T21:59Z', '2026-01-04T22:00Z', '2026-01-09T21:59Z', '2026-01-09T22:00Z'].map((text) => isOpenAt(forex, at(text)))).toEqual([false, true, true, false]); // prettier-ignore
});
