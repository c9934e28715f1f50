/**
 * An exact decimal number as text, with one spelling per number: `1.1`, `-0.05`, `10000`; never `1.10`, `-0`, `1e3`, `.5`.
 * Money, prices and volumes are of this type on the wire, in the log and in memory; arithmetic happens in whole units.
 */
export type DecimalText = `${number}`;

/** The spelling `isDecimal` accepts, for schemas. */
export const DECIMAL_PATTERN = /^(?:0|-?(?:0\.\d*[1-9]|[1-9]\d*(?:\.\d*[1-9])?))$/;

const LOOSE_PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Digits kept by `divide` when the caller names none: enough for prices times rates, far from any display. */
const DIVISION_DIGITS = 12;

/** Whole numbers of so many digits are exact in a double, and so many come back from it as they went in. */
const EXACT_DIGITS = 15;

export const ZERO: DecimalText = '0';

export const isDecimal = (text: string): text is DecimalText => DECIMAL_PATTERN.test(text);

/** Reads a number as people and other systems write it (`1.10`, `+.5`, `9e-5`); `null` when it is none. */
export function parseDecimal(text: string): DecimalText | null {
  const match = LOOSE_PATTERN.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const scale = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return scale >= 0 ? spell(units, scale) : spell(units * 10n ** BigInt(-scale), 0);
}

/** For foreign wires that carry JSON numbers: the shortest decimal that reads back as the same double. */
export function fromNumber(value: number): DecimalText {
  const text = String(value);
  // What a double prints is already this spelling, unless it has an exponent or is no number.
  if (Number.isFinite(value) && !text.includes('e')) return text as DecimalText;
  const decimal = Number.isFinite(value) ? parseDecimal(text) : null;
  if (decimal === null) throw new RangeError(`not a number: ${value}`);
  return decimal;
}

/** More than any market has, and less than any step: beyond these a number from outside is as good as them. */
const [VAST, TINY] = [1e24, 1e-18];

/** The same for a number of any size, so that one of no sense is refused for what it asks and not for how it is spelled. */
export const fromAnyNumber = (value: number): DecimalText => fromNumber(Math.sign(value) * sizeOf(Math.abs(value)));

const sizeOf = (value: number): number => (value === 0 ? 0 : Math.min(VAST, Math.max(TINY, value)));

/** For foreign wires and charts only; never for arithmetic. */
export const toNumber = (value: DecimalText): number => Number(value);

/** The JSON number that a decimal is on a foreign wire. Nearly all are spelled as JSON spells their number. */
export const numberText = (value: DecimalText): string =>
  value.length <= EXACT_DIGITS && !isTiny(value) ? value : JSON.stringify(toNumber(value));

/** Where JSON begins to count zeros. */
const isTiny = (value: DecimalText): boolean => value.startsWith('0.000000') || value.startsWith('-0.000000');

export function add(left: DecimalText, right: DecimalText): DecimalText {
  const scale = Math.max(scaleOf(left), scaleOf(right));
  if (Math.max(left.length, right.length) + scale <= EXACT_DIGITS)
    return spell(smallAt(left, scale) + smallAt(right, scale), scale);
  return spell(unitsAt(left, scale) + unitsAt(right, scale), scale);
}

export const subtract = (from: DecimalText, taken: DecimalText): DecimalText => add(from, negate(taken));

export function multiply(left: DecimalText, right: DecimalText): DecimalText {
  const [leftScale, rightScale] = [scaleOf(left), scaleOf(right)];
  if (left.length + right.length <= EXACT_DIGITS)
    return spell(smallAt(left, leftScale) * smallAt(right, rightScale), leftScale + rightScale);
  return spell(unitsAt(left, leftScale) * unitsAt(right, rightScale), leftScale + rightScale);
}

/** Rounded half away from zero to `digits` after the point. Division by zero throws: callers know their divisors. */
export function divide(dividend: DecimalText, divisor: DecimalText, digits: number = DIVISION_DIGITS): DecimalText {
  const scale = Math.max(scaleOf(dividend), scaleOf(divisor));
  const quotient = divideRounded(unitsAt(dividend, scale) * 10n ** BigInt(digits), unitsAt(divisor, scale));
  return spell(quotient, digits);
}

/** Rounded half away from zero to `digits` after the point. */
export function round(value: DecimalText, digits: number): DecimalText {
  const scale = scaleOf(value);
  return scale <= digits ? value : spell(divideRounded(unitsAt(value, scale), 10n ** BigInt(scale - digits)), digits);
}

export function negate(value: DecimalText): DecimalText {
  if (value === ZERO) return ZERO;
  return (isNegative(value) ? value.slice(1) : `-${value}`) as DecimalText;
}

export const absolute = (value: DecimalText): DecimalText => (isNegative(value) ? negate(value) : value);

/** Negative, zero or positive, as `Array.prototype.sort` wants it. */
export function compare(left: DecimalText, right: DecimalText): number {
  if (left === right) return 0;
  const scale = Math.max(scaleOf(left), scaleOf(right));
  return unitsAt(left, scale) < unitsAt(right, scale) ? -1 : 1;
}

export const isPositive = (value: DecimalText): boolean => value !== ZERO && !value.startsWith('-');
export const isNegative = (value: DecimalText): boolean => value.startsWith('-');

/** Whether `value` is a whole number of `step`s. A step of zero allows everything. */
export function isMultipleOf(value: DecimalText, step: DecimalText): boolean {
  if (step === ZERO) return true;
  const scale = Math.max(scaleOf(value), scaleOf(step));
  return unitsAt(value, scale) % unitsAt(step, scale) === 0n;
}

export const sum = (values: Iterable<DecimalText>): DecimalText => {
  let total = ZERO;
  for (const value of values) total = add(total, value);
  return total;
};

export const minimum = (left: DecimalText, right: DecimalText): DecimalText =>
  compare(left, right) <= 0 ? left : right;
export const maximum = (left: DecimalText, right: DecimalText): DecimalText =>
  compare(left, right) >= 0 ? left : right;

/** With exactly `digits` after the point, for people and fixed-format wires: `1.1` at 5 is `1.10000`. */
export function toFixed(value: DecimalText, digits: number): string {
  const rounded = round(value, digits);
  const scale = scaleOf(rounded);
  return digits === 0 ? rounded : `${scale === 0 ? `${rounded}.` : rounded}${'0'.repeat(digits - scale)}`;
}

function scaleOf(value: DecimalText): number {
  const point = value.indexOf('.');
  return point === -1 ? 0 : value.length - point - 1;
}

function unitsAt(value: DecimalText, scale: number): bigint {
  const own = scaleOf(value);
  const units = BigInt(own === 0 ? value : value.replace('.', ''));
  return own === scale ? units : units * 10n ** BigInt(scale - own);
}

/** The same where it is exact in a double. */
function smallAt(value: DecimalText, scale: number): number {
  const own = scaleOf(value);
  const units = Number(own === 0 ? value : value.replace('.', ''));
  return own === scale ? units : units * 10 ** (scale - own);
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [top, bottom] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (top * 2n + bottom) / (bottom * 2n);
  return negative ? -quotient : quotient;
}

function spell(units: bigint | number, scale: number): DecimalText {
  if (!units) return ZERO;
  const digits = (units < 0 ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  return `${units < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}` as DecimalText;
}
