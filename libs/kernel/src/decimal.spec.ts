import fc from 'fast-check';
import * as decimal from './decimal.ts';
import type { DecimalText } from './decimal.ts';

const anyDecimal: fc.Arbitrary<DecimalText> = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat(10))
  .map(([units, scale]) => decimal.parseDecimal(`${units}e-${scale}`) as DecimalText);

describe('decimal', () => {
  it.each([
    ['1.10', '1.1'],
    ['+.5', '0.5'],
    ['-0.000', '0'],
    ['007.50', '7.5'],
    ['9e-5', '0.00009'],
    ['1.5E3', '1500'],
    ['32900.00000', '32900'],
    ['100', '100'],
  ])('reads %s as %s', (text, canonical) => {
    expect(decimal.parseDecimal(text)).toBe(canonical);
    expect(decimal.isDecimal(canonical)).toBe(true);
  });

  it.each(['', '.', '-', '1.2.3', 'NaN', '0x10', '1e9999', 'Infinity', '1,5'])('does not read %p', (text) => {
    expect(decimal.parseDecimal(text)).toBeNull();
  });

  it.each(['1.10', '-0', '.5', '1.', '01', '1e3', '', '+1'])('has no spelling %p', (text) => {
    expect(decimal.isDecimal(text)).toBe(false);
  });

  it('has one spelling per number, through every operation', () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, (a, b) => {
        const results = [decimal.add(a, b), decimal.subtract(a, b), decimal.multiply(a, b), decimal.negate(a)];
        for (const result of results) expect(decimal.isDecimal(result)).toBe(true);
        expect(decimal.subtract(decimal.add(a, b), b)).toBe(a);
        expect(decimal.negate(decimal.negate(a))).toBe(a);
        expect(Math.sign(decimal.compare(a, b))).toBe(-Math.sign(decimal.compare(b, a)) + 0);
      }),
    );
  });

  it('is exact, however many digits it has', () => {
    const few = fc
      .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.nat(8))
      .map(([units, scale]) => decimal.parseDecimal(`${units}e-${scale}`) as DecimalText);
    const either = fc.oneof(few, anyDecimal);
    const units = (value: DecimalText, scale: number) => BigInt(decimal.toFixed(value, scale).replace('.', ''));
    fc.assert(
      fc.property(either, either, (a, b) => {
        expect(units(decimal.add(a, b), 10)).toBe(units(a, 10) + units(b, 10));
        expect(units(decimal.multiply(a, b), 20)).toBe(units(a, 10) * units(b, 10));
        expect(units(decimal.negate(a), 10)).toBe(-units(a, 10));
      }),
    );
  });

  it('is the JSON number that JSON makes of it', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        expect(decimal.numberText(value)).toBe(JSON.stringify(decimal.toNumber(value)));
      }),
    );
    for (const value of ['0.000001', '0.0000001', '-0.00000012', '0.00000012345', '123456789012345678'] as const)
      expect(decimal.numberText(value)).toBe(JSON.stringify(Number(value)));
  });

  it('divides, rounds half away from zero, and counts steps exactly', () => {
    expect(decimal.divide('10', '3', 4)).toBe('3.3333');
    expect(decimal.divide('-10', '4', 0)).toBe('-3');
    expect(decimal.round('2.675', 2)).toBe('2.68');
    expect(decimal.round('-2.675', 2)).toBe('-2.68');
    expect(decimal.isMultipleOf('0.3', '0.1')).toBe(true);
    expect(decimal.isMultipleOf('0.35', '0.1')).toBe(false);
    expect(() => decimal.divide('1', '0')).toThrow(RangeError);
  });

  it('prints what people expect', () => {
    expect(decimal.toFixed('1.1', 5)).toBe('1.10000');
    expect(decimal.toFixed('10000', 1)).toBe('10000.0');
    expect(decimal.toFixed('1.25', 1)).toBe('1.3');
    expect(decimal.toFixed('1.6', 0)).toBe('2');
    expect(decimal.fromNumber(0.1)).toBe('0.1');
  });

  it('knows any number from outside, and keeps its sign', () => {
    const magnitudes = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(magnitudes, (value) => {
        const known = decimal.fromAnyNumber(value);
        expect(decimal.isDecimal(known) && known.length <= 45).toBe(true);
        expect(Math.sign(decimal.toNumber(known))).toBe(Math.sign(value) + 0);
        if (Math.abs(value) >= 1e-18 && Math.abs(value) <= 1e24) expect(decimal.toNumber(known)).toBe(value + 0);
      }),
      { seed: 7 },
    );
  });
});
