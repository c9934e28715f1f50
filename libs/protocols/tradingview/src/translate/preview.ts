import { convert } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { openingPrice, requiredMargin, type PricedMarket } from '@core/contracts/market/valuation';
import type { Currency, Decimal, Side } from '@core/contracts/primitives';
import { divide, multiply, subtract, toFixed } from '@core/kernel/decimal';
import type { TvPreview } from '../wire/preview.ts';
import { pipValueOf } from './market.ts';
import { moneyText } from './position.ts';

export interface Previewed {
  readonly spec: InstrumentSpec;
  readonly side: Side;
  readonly units: Decimal;
  /** Of a limit or stop order; null takes the market's. */
  readonly price: Decimal | null;
  readonly market: PricedMarket;
  readonly currency: Currency;
}

/** Estimates of what an order would cost; what is not known is left out. */
export function translatePreview({ spec, side, units, price, market, currency }: Previewed): TvPreview {
  const quote = market.quote(spec.instrument);
  const at = price ?? (quote && openingPrice(side, quote));
  const rate = market.rates.rate(spec.contract.quoteCurrency, currency);
  const pip = pipValueOf(spec, market.rates, currency);
  const value = at && multiply(units, at);
  const money = (amount: Decimal): string => `${moneyText(amount, currency)} ${currency}`;
  const rows = [
    row('Price', at && toFixed(at, spec.contract.digits)),
    row('Lots', divide(units, spec.contract.contractSize)),
    row('Value', value && rate && money(convert(value, rate))),
    row('Margin', value && rate && money(requiredMargin(value, spec.marginPercent, rate, currency))),
    row('Spread', quote && rate && money(convert(multiply(units, subtract(quote.ask, quote.bid)), rate))),
    row('Pip value', pip && money(multiply(pip, units))),
  ];
  return { sections: [{ header: 'Estimated', rows: rows.flat() }] };
}

const row = (title: string, value: string | null) => (value === null ? [] : [{ title, value }]);
