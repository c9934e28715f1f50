import { momentFromText } from './moment.ts';

describe('a moment as operators write it', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['2026-07-05', '2026-07-05T00:00:00.000Z'],
    ['2026-07-05T10:00', '2026-07-05T10:00:00.000Z'],
    ['2026-07-05 10:00:00.123', '2026-07-05T10:00:00.123Z'],
    ['2026-07-05T10:00:00.123456Z', '2026-07-05T10:00:00.123Z'],
    ['2026-07-05T10:00:00+02:00', '2026-07-05T08:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('is in UTC wherever the terminal stands: %s', (text, instant) => {
    const read = jest.spyOn(Date, 'parse');
    expect(new Date(momentFromText(text) ?? NaN).toISOString()).toBe(instant);
    // What names no zone would be read in the terminal's.
    for (const [asked] of read.mock.calls) expect(asked).toMatch(/(Z|[+-]\d\d:\d\d)$/);
  });

  it.each([
    '',
    'now',
    '17',
    '2026-02-30',
    '2026-02-30T00:00:00.000000Z',
    '2026-13-01',
    '2026-01-05 25:00',
    '0000-01-01',
  ])('is none: %p', (text) => {
    expect(momentFromText(text)).toBeNull();
  });
});
