import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { Currency, Decimal, Side } from '@core/contracts/primitives';
import { divide, multiply, subtract, toFixed } from '@core/kernel/decimal';
import type { TvPreview } from '../wire/preview.ts';
import { MONEY_DIGITS } from './position.ts';
import { pipValueOf } from './market.ts';
import type { Rates } from './rates.ts';

export interface Previewed {
  readonly spec: InstrumentSpec;
  readonly side: Side;
  readonly units: Decimal;
  /** Of a limit or stop order; null takes the market's. */
  readonly price: Decimal | null;
  readonly quote: Pick<Quote, 'bid' | 'ask'> | null;
  readonly rates: Rates;
  readonly currency: Currency;
}

/** Estimates of what an order would cost; what is not known is left out. */
export function translatePreview({ spec, side, units, price, quote, rates, currency }: Previewed): TvPreview {
  const market = quote === null ? null : side === 'buy' ? quote.ask : quote.bid;
  const at = price ?? market;
  const rate = rates.rate(spec.contract.quoteCurrency, currency);
  const value = at === null || rate === null ? null : multiply(multiply(units, at), rate);
  const spread =
    quote === null || rate === null ? null : multiply(multiply(units, subtract(quote.ask, quote.bid)), rate);
  const pip = pipValueOf(spec, rates, currency);
  const rows = [
    row('Price', at === null ? null : toFixed(at, spec.contract.digits)),
    row('Lots', divide(units, spec.contract.contractSize)),
    row('Value', value === null ? null : inMoney(value, currency)),
    row('Margin', value === null ? null : inMoney(divide(multiply(value, spec.marginPercent), '100'), currency)),
    row('Spread', spread === null ? null : inMoney(spread, currency)),
    row('Pip value', pip === null ? null : inMoney(multiply(pip, units), currency)),
  ];
  return { sections: [{ header: 'Estimated', rows: rows.flat() }] };
}

const row = (title: string, value: string | null) => (value === null ? [] : [{ title, value }]);

const inMoney = (value: Decimal, currency: Currency): string => `${toFixed(value, MONEY_DIGITS)} ${currency}`;
