import { anyCharacter } from '@core/testing/any-character';
import fc from 'fast-check';
import { CELL_PATTERN, cellIn, isOfAnother, withCell, withoutCell } from './cell.ts';

const cell = fc.stringMatching(CELL_PATTERN);
/** What we make: base64url, hexadecimal with dashes. */
const secret = fc.stringMatching(/^[\w-]{16,64}$/);

it('what is given out says its cell, and is the same behind it', () => {
  fc.assert(
    fc.property(fc.oneof(cell, fc.constant('')), secret, (name, text) => {
      const given = withCell(name, text);
      expect([cellIn(given), withoutCell(given)]).toEqual([name, text]);
      expect(isOfAnother(name, given)).toBe(false);
    }),
  );
});

it('another cell’s is another’s, also where this one has no name', () => {
  fc.assert(
    fc.property(cell, fc.oneof(cell, fc.constant('')), secret, (theirs, ours, text) => {
      fc.pre(theirs !== ours);
      expect(isOfAnother(ours, withCell(theirs, text))).toBe(true);
    }),
  );
});

it('whatever a stranger sends, nothing of it is lost and nothing throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      expect(withCell(cellIn(text), withoutCell(text))).toBe(text);
    }),
  );
});

it.each(['', 'A.x', '9.x', '.x', 'a-b.x', 'abcdefghijklmnopq.x', 'a\n.x'])('%j names no cell', (text) => {
  expect(cellIn(text)).toBe('');
});
