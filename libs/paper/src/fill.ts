import type { Quote } from '@core/contracts/market/quote';
import type { Decimal, Side } from '@core/contracts/primitives';
import { add, compare, divide, isPositive, maximum, minimum, multiply, subtract, ZERO } from '@core/kernel/decimal';
import type { PaperOrder } from './account.ts';

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

/** A buy is reached by the ask and a sell by the bid: limits at their price or better, stops at their price or worse. */
export function isReached({ side, kind, price }: Pick<PaperOrder, 'side' | 'kind' | 'price'>, quote: Quote): boolean {
  const distance = side === 'buy' ? compare(quote.ask, price) : compare(price, quote.bid);
  return kind === 'limit' ? distance <= 0 : distance >= 0;
}
