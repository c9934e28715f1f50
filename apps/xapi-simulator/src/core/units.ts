import type { Decimal } from '@core/contracts/primitives';
import { multiply, round } from '@core/kernel/decimal';
import { z } from 'zod';

// Inside the broker every quantity is a whole number of its smallest unit. Decimal text appears where records are made.

/** More points, cents or centilots than any market or account has; what is reckoned from them stays a number. */
export const MOST_UNITS = 100_000_000_000_000;

/** The last millisecond that is told as text: year 9999. */
export const LAST_TIME_MS = 253_402_300_799_999;

const units = z.int().min(-MOST_UNITS).max(MOST_UNITS);

/** A price times 10 to the power of its instrument's digits: 1.09654 of EURUSD is 109654. */
export const Points = units;
export type Points = number;

/** Hundredths of the account's currency. */
export const Cents = units;
export type Cents = number;

/** Hundredths of a lot. */
export const Centilots = z.int().min(1).max(MOST_UNITS);
export type Centilots = number;

/** Milliseconds since 1970, by the broker's clock. */
export const BrokerTime = z.int().min(0).max(LAST_TIME_MS);

/** A factor kept exact until the one rounding at the end. */
export interface Ratio {
  readonly over: bigint;
  readonly under: bigint;
}

/** Shortest: `-0.2`, `10000`. */
export const decimalOf = (units: number, scale: number): Decimal => multiply(`${units}`, unit(scale));

/** With all digits, as servers print prices: `32900.00000`; no price at all is `0.0`. */
export function priceText(points: Points, digits: number): Decimal {
  if (points === 0) return '0.0';
  if (digits === 0) return `${points}`;
  const sign = points < 0 ? '-' : '';
  const text = String(Math.abs(points)).padStart(digits + 1, '0');
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}` as Decimal;
}

/** The nearest whole number of units: clients that compute in doubles send prices like 1.0999999999999999. */
export const toUnits = (value: Decimal, scale: number): number => Number(round(multiply(value, tenTo(scale)), 0));

/** Whether a value is a whole number of units to within a double's error. */
export function isWholeUnits(value: Decimal, scale: number): boolean {
  const scaled = multiply(value, tenTo(scale));
  return round(scaled, 6) === round(scaled, 0);
}

/** `amount` × ratio, rounded half away from zero. */
export function scaleBy(amount: bigint, { over, under }: Ratio): number {
  const product = amount * over;
  const negative = product < 0n !== under < 0n;
  const [top, bottom] = [product < 0n ? -product : product, under < 0n ? -under : under];
  const quotient = Number((top * 2n + bottom) / (bottom * 2n));
  return negative && quotient !== 0 ? -quotient : quotient;
}

const unit = (scale: number): Decimal => (scale === 0 ? '1' : (`0.${'0'.repeat(scale - 1)}1` as Decimal));
const tenTo = (scale: number): Decimal => `1${'0'.repeat(scale)}` as Decimal;
