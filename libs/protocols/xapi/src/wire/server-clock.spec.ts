import {
  fromServerLocalMs,
  isSummerTime,
  longTimeText,
  mediumTimeText,
  nextServerMidnightMs,
  serverMidnightMs,
  serverWeekday,
  toServerLocalMs,
} from './server-clock.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);

describe('server clock', () => {
  it.each([
    ['2021-03-28T00:59:59', false],
    ['2021-03-28T01:00:00', true],
    ['2021-10-31T00:59:59', true],
    ['2021-10-31T01:00:00', false],
    ['2024-03-31T01:00:00', true],
    ['2024-10-27T01:00:00', false],
  ])('is on summer time at %s UTC: %s', (at, summer) => {
    expect(isSummerTime(utc(at))).toBe(summer);
  });

  it('shows times as servers do, zone included', () => {
    expect(longTimeText(utc('2021-10-27T14:52:41'))).toBe('Wed Oct 27 16:52:41 CEST 2021');
    expect(longTimeText(utc('2013-01-11T09:03:36'))).toBe('Fri Jan 11 10:03:36 CET 2013');
    expect(mediumTimeText(utc('2014-01-10T14:04:00'))).toBe('Jan 10, 2014 3:04:00 PM');
    expect(mediumTimeText(utc('2013-09-05T22:22:55'))).toBe('Sep 06, 2013 12:22:55 AM');
  });

  it('agrees with the time-zone database', () => {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Warsaw',
      hour: '2-digit',
      hour12: false,
      day: '2-digit',
    });
    for (let at = utc('2023-12-31T22:30:00'); at < utc('2025-01-02T00:00:00'); at += 3_600_000) {
      const local = new Date(toServerLocalMs(at));
      const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
      expect([local.getUTCDate(), local.getUTCHours()]).toEqual([parts.day, (parts.hour ?? 0) % 24]);
    }
  });

  it('turns local times back, the second one where there are two', () => {
    expect(fromServerLocalMs(utc('2024-07-01T12:00:00'))).toBe(utc('2024-07-01T10:00:00'));
    expect(fromServerLocalMs(utc('2024-10-27T02:30:00'))).toBe(utc('2024-10-27T01:30:00'));
  });

  it('begins days at local midnight, 23 and 25 hours long twice a year', () => {
    expect(serverMidnightMs(utc('2024-03-31T12:00:00'))).toBe(utc('2024-03-30T23:00:00'));
    expect(nextServerMidnightMs(utc('2024-03-31T12:00:00'))).toBe(utc('2024-03-31T22:00:00'));
    expect(nextServerMidnightMs(utc('2024-10-27T12:00:00'))).toBe(utc('2024-10-27T23:00:00'));
    expect(nextServerMidnightMs(utc('2024-10-26T22:00:00'))).toBe(utc('2024-10-27T23:00:00'));
  });

  it('counts weekdays from Monday, by local date', () => {
    expect(serverWeekday(utc('2024-03-03T22:59:59'))).toBe(7);
    expect(serverWeekday(utc('2024-03-03T23:00:00'))).toBe(1);
  });
});
