import { divide, fromNumber } from '@core/kernel/decimal';
import type { Decimal } from '../primitives.ts';

/** So many units of a price's last digit. */
export const pointsOf = (points: number, digits: number): Decimal =>
  divide(fromNumber(points), fromNumber(10 ** digits), digits);
