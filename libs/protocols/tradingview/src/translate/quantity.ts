import type { ContractTerms, Decimal } from '@core/contracts/primitives';
import { divide, multiply, toNumber } from '@core/kernel/decimal';

// TradingView's quantities are units of the instrument, ours are lots: 0.1 lot of EURUSD is 10 000 units.

type Contract = Pick<ContractTerms, 'contractSize'>;

export const unitsOf = (lots: Decimal, { contractSize }: Contract): number => toNumber(multiply(lots, contractSize));

/** Exactly as many lots; null where the units are no finite number of them. */
export function lotsOf(units: Decimal, { contractSize }: Contract): Decimal | null {
  const lots = divide(units, contractSize);
  return multiply(lots, contractSize) === units ? lots : null;
}
