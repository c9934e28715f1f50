import { add, divide, multiply, negate, subtract, type Decimal } from '@core/kernel/decimal';
import type { ContractTerms, Currency, Side } from '../primitives.ts';

/** What of a quote and of its instrument a conversion needs. */
export interface CurrencyPair {
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  readonly bid: Decimal;
  readonly ask: Decimal;
}

/**
 * Gross profit in the quote currency: (close − open) · contract size · lots, by side; without swap and commission.
 * A long position closes at the bid, a short one at the ask.
 */
export function grossProfit(
  side: Side,
  open: Decimal,
  close: Decimal,
  lots: Decimal,
  { contractSize }: Pick<ContractTerms, 'contractSize'>,
): Decimal {
  const movement = subtract(close, open);
  return multiply(multiply(side === 'buy' ? movement : negate(movement), contractSize), lots);
}

/**
 * Units of `to` for one unit of `from` at the middle of the market, directly or by the inverse pair.
 * `null` when no pair of the two is quoted: a caller then leaves the converted figure out instead of guessing.
 */
export function conversionRate(from: Currency, to: Currency, pairs: Iterable<CurrencyPair>): Decimal | null {
  if (from === to) return '1';
  for (const { baseCurrency, quoteCurrency, bid, ask } of pairs) {
    const middle = divide(add(bid, ask), '2');
    if (baseCurrency === from && quoteCurrency === to) return middle;
    if (baseCurrency === to && quoteCurrency === from) return divide('1', middle);
  }
  return null;
}
