import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor.ts';

describe('a cursor', () => {
  it('comes back as it went out, in 64 characters at most', () => {
    const cursors = fc.record({
      epoch: fc.stringMatching(/^[0-9a-z]{1,16}$/),
      position: fc.maxSafeNat().map((n) => n % 36 ** 10),
    });
    fc.assert(
      fc.property(cursors, (cursor) => {
        expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
        expect(encodeCursor(cursor).length).toBeLessThanOrEqual(64);
      }),
    );
  });

  it.each(['', '.', '1', '1.', '.1', '1.2.3', 'A.1', '1.-1', '1.zzzzzzzzzzz', '1.1e5 ', '../..'])(
    'is not %p',
    (text) => {
      expect(decodeCursor(text)).toBeNull();
    },
  );

  it('takes what is written in another case or with an e for a number of base 36, as it was meant', () => {
    expect(decodeCursor('1.1e5')).toEqual({ epoch: '1', position: 1805 });
  });
});
