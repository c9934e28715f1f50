import { decodeRow } from './stored-row.ts';
import { upcasters } from './upcast.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const row = (recorded: string, occurred: string): string =>
  JSON.stringify([1, 1, recorded, ID, 'TradingResumed', 1, ID, occurred, ID, null, 'spec@0', {}]);

it('says nothing of a moment that is not told in UTC', () => {
  const moment = '2026-01-05T10:00:00+00:00';
  expect(decodeRow(row(moment, moment), upcasters).time).toBe('2026-01-05T10:00:00.000000Z');
  for (const other of ['2026-01-05T12:00:00+02:00', '0044-03-15T12:00:00+00:00 BC', 'infinity', '-infinity']) {
    expect(() => decodeRow(row(moment, other), upcasters)).toThrow('no moment in UTC');
    expect(() => decodeRow(row(other, moment), upcasters)).toThrow('no moment in UTC');
  }
});
