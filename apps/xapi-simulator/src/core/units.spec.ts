import fc from 'fast-check';
import { decimalOf, isWholeUnits, priceText, scaleBy, toUnits } from './units.ts';

describe('units', () => {
  it('become decimal text and come back', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 8 }), (units, scale) => {
        expect(toUnits(decimalOf(units, scale), scale)).toBe(units);
        expect(Number(priceText(units, scale))).toBe(Number(decimalOf(units, scale)));
      }),
    );
  });

  it.each([
    [3_290_000_000, 5, '32900.00000'],
    [-9, 5, '-0.00009'],
    [179_625, 2, '1796.25'],
    [5, 0, '5'],
    [0, 5, '0.0'],
  ])('%s at %s digits are printed %s', (points, digits, text) => {
    expect(priceText(points, digits)).toBe(text);
  });

  it('forgive the noise of a double, and nothing more', () => {
    expect(toUnits('1.0999999999999999', 5)).toBe(110_000);
    expect([isWholeUnits('0.30000000000000004', 2), isWholeUnits('0.015', 2)]).toEqual([true, false]);
  });

  it.each([
    [1n, 2n, 1],
    [-1n, 2n, -1],
    [1n, 3n, 0],
    [-1n, 3n, 0],
    [7n, 2n, 4],
  ])('%s / %s is rounded half away from zero', (over, under, expected) => {
    expect(scaleBy(1n, { over, under })).toBe(expected);
  });
});
