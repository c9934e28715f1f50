import { add, compare, multiply, round, subtract } from '@core/kernel/decimal';
import type { ContractTerms, Decimal, Side } from '../primitives.ts';

/** Whether an order of this side would do worse at `price` than at `bound`: a buy above it, a sell below it. */
export const isWorseThan = (side: Side, price: Decimal, bound: Decimal): boolean =>
  side === 'buy' ? compare(price, bound) > 0 : compare(price, bound) < 0;

/** The worst price that lies within `percent` of the one that was seen, to the digits of the instrument. */
export function worstPriceOf(
  side: Side,
  seen: Decimal,
  percent: Decimal,
  { digits }: Pick<ContractTerms, 'digits'>,
): Decimal {
  const slip = multiply(seen, multiply(percent, '0.01'));
  return round(side === 'buy' ? add(seen, slip) : subtract(seen, slip), digits);
}
