import { isOpenAt } from './hours.ts';

describe('the hours of an instrument', () => {
  const sessions = [
    { day: 5, fromMinute: 0, toMinute: 22 * 60 },
    { day: 7, fromMinute: 23 * 60, toMinute: 24 * 60 },
  ];
  const within = (zone: string, at: string): boolean => isOpenAt(sessions, zone, Date.parse(at));

  it.each([
    ['UTC', '2026-01-09T00:00:00Z', true],
    ['UTC', '2026-01-09T21:59:59Z', true],
    ['UTC', '2026-01-09T22:00:00Z', false],
    ['UTC', '2026-01-10T12:00:00Z', false],
    ['UTC', '2026-01-11T23:00:00Z', true],
    ['Europe/Warsaw', '2026-01-09T20:59:00Z', true],
    ['Europe/Warsaw', '2026-01-09T21:00:00Z', false],
    ['Europe/Warsaw', '2026-07-10T20:00:00Z', false],
    ['Europe/Warsaw', '2026-07-10T19:59:00Z', true],
  ])('are those of the wall clock of %s: %s %p', (zone, at, expected) => {
    expect(within(zone, at)).toBe(expected);
  });
});
