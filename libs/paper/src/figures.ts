import { convert } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { pointsOf } from '@core/contracts/market/point';
import { moneyDigits, nominalValue, openProfit, requiredMargin } from '@core/contracts/market/valuation';
import type { Currency, Decimal, Instrument } from '@core/contracts/primitives';
import { add, compare, divide, maximum, multiply, subtract, sum, ZERO } from '@core/kernel/decimal';
import type { AccountFigures } from '@core/execution/report';
import type { PaperAccount, PaperPosition } from './account.ts';
import type { PaperMarket } from './paper-market.ts';
import { nightsOf, type Night } from './rollover.ts';

/** What the account is worth; null while a price or a rate of an open position is not known: nothing is guessed. */
export function figuresOf(account: PaperAccount, market: PaperMarket, currency: Currency): AccountFigures | null {
  const positions = Object.values(account.positions);
  let equity = add(account.balance, account.credit);
  for (const position of positions) {
    const profit = openProfit(position, market, currency);
    if (profit === null) return null;
    equity = sum([equity, profit, position.swap, position.commission]);
  }
  const margin = marginHeld(positions);
  return {
    balance: account.balance,
    credit: account.credit,
    equity,
    margin,
    marginFree: subtract(equity, margin),
    marginLevel: margin === ZERO ? ZERO : divide(multiply(equity, '100'), margin, 2),
  };
}

/** Opposite positions in one instrument are hedged: the side that holds back more counts. */
export function marginHeld(positions: readonly Pick<PaperPosition, 'instrument' | 'side' | 'margin'>[]): Decimal {
  const sides = new Map<Instrument, { buy: Decimal; sell: Decimal }>();
  for (const { instrument, side, margin } of positions) {
    const both = sides.get(instrument) ?? { buy: ZERO, sell: ZERO };
    both[side] = add(both[side], margin);
    sides.set(instrument, both);
  }
  return sum([...sides.values()].map(({ buy, sell }) => maximum(buy, sell)));
}

/** Null while no rate leads to the account's currency. */
export function marginOf(
  position: Pick<PaperPosition, 'contract' | 'volumeLots' | 'openPrice'>,
  { marginPercent }: InstrumentSpec,
  market: PaperMarket,
  currency: Currency,
): Decimal | null {
  const rate = market.rates.rate(position.contract.quoteCurrency, currency);
  return rate && requiredMargin(nominalValue(position, position.openPrice), marginPercent, rate, currency);
}

/** What a night adds to a position's swap; zero where the venue does not say, null while a price or a rate is not known. */
export function swapOf(position: PaperPosition, night: Night, market: PaperMarket, currency: Currency): Decimal | null {
  const { instrument, contract, side, volumeLots } = position;
  const spec = market.instrument(instrument);
  const swap = spec && (side === 'buy' ? spec.swapLong : spec.swapShort);
  if (!spec?.swapUnit || !swap || swap === ZERO) return ZERO;
  const price = market.quote(instrument)?.bid;
  const from = spec.swapUnit === 'margin-currency' ? spec.marginCurrency : contract.quoteCurrency;
  const rate = market.rates.rate(from, currency);
  if (!price || !rate) return null;
  const aNight = {
    points: () => multiply(swap, nominalValue(position, pointsOf(1, contract.digits))),
    'quote-currency': () => multiply(swap, volumeLots),
    'margin-currency': () => multiply(swap, volumeLots),
    'percent-a-year': () => divide(multiply(swap, nominalValue(position, price)), '36000'),
  }[spec.swapUnit]();
  return convert(multiply(aNight, nightsOf(night, spec.tripleSwapDay)), rate, moneyDigits(currency));
}

/** Whether so little is left of the margin that positions are closed. */
export const isStoppedOut = ({ equity, margin }: AccountFigures, percent: number): boolean =>
  compare(multiply(equity, '100'), multiply(margin, `${percent}`)) <= 0;
