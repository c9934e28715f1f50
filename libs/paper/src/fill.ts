import type { Quote } from '@core/contracts/market/quote';
import type { Decimal, Side } from '@core/contracts/primitives';
import { add, divide, isPositive, maximum, minimum, multiply, subtract, ZERO } from '@core/kernel/decimal';

/**
 * What an order of this size meets in the market: the average over the levels it takes, best first, rounded to the
 * instrument's digits. A level whose size is not told, and the last one that is shown, are as deep as it takes.
 */
export function marketPrice(side: Side, volumeLots: Decimal, quote: Quote, digits: number): Decimal {
  const [best, shown] = side === 'buy' ? [quote.ask, quote.asks] : [quote.bid, quote.bids];
  let left = volumeLots;
  let paid: Decimal = ZERO;
  let price = best;
  for (const [level, depth] of shown) {
    price = level;
    const taken = depth === null ? left : minimum(left, maximum(depth, ZERO));
    paid = add(paid, multiply(taken, price));
    left = subtract(left, taken);
    if (!isPositive(left)) break;
  }
  return divide(add(paid, multiply(left, price)), volumeLots, digits);
}

/** As `marketPrice`, and never worse than a limit: a gap is to its owner's advantage. */
export const limitPrice = (side: Side, volumeLots: Decimal, limit: Decimal, quote: Quote, digits: number): Decimal =>
  (side === 'buy' ? minimum : maximum)(limit, marketPrice(side, volumeLots, quote, digits));
