import { moneyDigits } from '@core/contracts/market/valuation';
import type { RejectionReason } from '@core/contracts/events/request';
import { add, compare, multiply, negate, round, ZERO } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import { figuresOf, marginHeld, marginOf } from './figures.ts';
import type { PaperBook, PaperOpening } from './paper-book.ts';
import type { PaperMarket } from './paper-market.ts';
import type { PaperTerms } from './terms.ts';

/** The position that a fill makes, where the account has the money for it. */
export function openingOf(
  filled: Omit<PaperOpening, 'margin' | 'commission' | 'swap'>,
  { account, positions }: PaperBook,
  { currency, commissionPerLot }: PaperTerms,
  market: PaperMarket,
): Result<PaperOpening, RejectionReason> {
  const spec = market.instrument(filled.instrument);
  const margin = spec && marginOf(filled, spec, market, currency);
  const figures = figuresOf(account, market, currency);
  if (margin === null || figures === null) return err('off-quotes');
  const commission = round(negate(multiply(commissionPerLot, filled.volumeLots)), moneyDigits(currency));
  const held = marginHeld([...positions, { ...filled, margin }]);
  if (compare(add(figures.equity, commission), held) < 0) return err('insufficient-funds');
  return ok({ ...filled, margin, commission, swap: ZERO });
}
