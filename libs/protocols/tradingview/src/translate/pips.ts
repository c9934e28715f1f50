import { pointsOf } from '@core/contracts/market/point';
import type { ContractTerms, Decimal } from '@core/contracts/primitives';
import { divide, isMultipleOf, multiply, toNumber } from '@core/kernel/decimal';

type Scale = Pick<ContractTerms, 'digits' | 'pipSize'>;

/** Points of a price's last digit in pips; null where no pip is known. */
export const pipsOf = (points: number, { digits, pipSize }: Scale): number | null =>
  pipSize === undefined ? null : toNumber(divide(pointsOf(points, digits), pipSize));

/** Pips in points of a price's last digit; null where no pip is known, or that is no whole number of them. */
export function pipsInPoints(pips: Decimal, { digits, pipSize }: Scale): number | null {
  const distance = pipSize && multiply(pips, pipSize);
  const point = pointsOf(1, digits);
  return distance && isMultipleOf(distance, point) ? toNumber(divide(distance, point)) : null;
}
