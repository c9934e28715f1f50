import fc from 'fast-check';
import { Cursors } from './cursor.ts';

const cursors = new Cursors('a secret of this log');
const positions = fc.nat(2 ** 48 - 1);

describe('a cursor', () => {
  it('comes back as it went out, in 64 characters at most, from every process of its log', () => {
    fc.assert(
      fc.property(positions, fc.nat(2 ** 32 - 1), (position, salt) => {
        const text = cursors.seal(position, salt);
        expect(text).toBe(new Cursors('a secret of this log').seal(position, salt));
        expect(cursors.open(text)).toBe(position);
        expect(text.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  it('says nothing of where it is: neighbours have nothing in common, and salted ones not even their place', () => {
    const texts = Array.from({ length: 1_000 }, (_, position) => cursors.seal(position));
    const starts = new Set(texts.map((text) => text.slice(0, 6)));
    expect(starts.size).toBe(1_000);
    expect(cursors.seal(7, 1)).not.toBe(cursors.seal(7, 2));
  });

  it('fits no other log, and is nothing that a client can make', () => {
    fc.assert(
      fc.property(positions, fc.stringMatching(/^[\w-]{22}$/), (position, madeUp) => {
        expect(new Cursors('another').open(cursors.seal(position))).toBeNull();
        expect(cursors.open(madeUp)).toBeNull();
      }),
    );
  });

  it.each(['', '.', '1.7f3a2', 'x'.repeat(21), 'x'.repeat(23), `${'x'.repeat(21)} `, '../..'])('is not %p', (text) => {
    expect(cursors.open(text)).toBeNull();
  });
});
