import { convert } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { pointsOf } from '@core/contracts/market/point';
import { isReached } from '@core/contracts/market/trigger';
import { closingPrice, openingPrice, requiredMargin, type PricedMarket } from '@core/contracts/market/valuation';
import type { Currency, Decimal, OrderKind, Side } from '@core/contracts/primitives';
import { compare, divide, isPositive, multiply, subtract, toFixed } from '@core/kernel/decimal';
import type { PriceState } from '@core/contracts/market/quote';
import type { ProtectivePrices } from '@core/views/tradingview/brackets';
import type { Language } from '@core/kernel/language';
import { say, type TextKey } from '../texts/user-text.ts';
import type { TvPreview } from '../wire/preview.ts';
import { pipValueOf } from './market.ts';
import { moneyText } from './position.ts';

export interface Previewed extends ProtectivePrices {
  readonly spec: InstrumentSpec;
  readonly side: Side;
  readonly kind: OrderKind;
  readonly units: Decimal;
  /** Of a limit or stop order; null takes the market's. */
  readonly price: Decimal | null;
  readonly market: PricedMarket;
  readonly currency: Currency;
  /** How the price stands; null where nobody has told one. */
  readonly state: PriceState | null;
  /** In the account's currency; null where it is not known. */
  readonly freeMargin: Decimal | null;
  readonly language: Language;
}

/** Estimates of what an order would cost, and what its broker may object to; what is not known is left out. */
export function translatePreview(previewed: Previewed): Omit<TvPreview, 'errors' | 'confirmId'> {
  const { spec, side, units, price, market, currency, language } = previewed;
  const quote = market.quote(spec.instrument);
  const at = price ?? (quote && openingPrice(side, quote));
  const rate = market.rates.rate(spec.contract.quoteCurrency, currency);
  const pip = pipValueOf(spec, market.rates, currency);
  const value = at && multiply(units, at);
  const margin = value && rate && requiredMargin(value, spec.marginPercent, rate, currency);
  const money = (amount: Decimal): string => `${moneyText(amount, currency)} ${currency}`;
  const row = (key: TextKey, cell: string | null) =>
    cell === null ? [] : [{ title: say(language, { key }), value: cell }];
  const rows = [
    row('preview.price', at && toFixed(at, spec.contract.digits)),
    row('preview.lots', divide(units, spec.contract.contractSize)),
    row('preview.value', value && rate && money(convert(value, rate))),
    row('column.margin', margin && money(margin)),
    row('preview.spread', quote && rate && money(convert(multiply(units, subtract(quote.ask, quote.bid)), rate))),
    row('preview.pipValue', pip && money(multiply(pip, units))),
  ];
  const warnings = warningsOf(previewed, margin).map((key) => say(language, { key }));
  return {
    sections: [{ header: say(language, { key: 'preview.estimated' }), rows: rows.flat() }],
    ...(warnings.length > 0 && { warnings }),
  };
}

/** What the broker decides when it gets the order, and may decide otherwise by then. */
function warningsOf(
  { spec, side, kind, price, stopLoss, takeProfit, market, state, freeMargin }: Previewed,
  margin: Decimal | null,
): TextKey[] {
  const quote = market.quote(spec.instrument);
  const least = pointsOf(spec.stopsLevelPoints, spec.contract.digits);
  const from = price ?? (quote && closingPrice(side, quote));
  const roomBetween = (upper: Decimal | null, lower: Decimal | null): Decimal[] =>
    upper === null || lower === null ? [] : [subtract(upper, lower)];
  const [above, below] = side === 'buy' ? [takeProfit, stopLoss] : [stopLoss, takeProfit];
  const rooms = [...roomBetween(above, from), ...roomBetween(from, below)];
  const objections: readonly (readonly [TextKey, boolean])[] = [
    ['warning.closed', state === 'closed' || state === 'off'],
    ['warning.priceless', state === null || state === 'stale'],
    ['warning.margin', margin !== null && freeMargin !== null && compare(margin, freeMargin) > 0],
    ['rejection.invalid-price', kind !== 'market' && !!price && !!quote && isReached({ side, kind, price }, quote)],
    ['rejection.invalid-protection', price === null && rooms.some((room) => !isPositive(room))],
    ['warning.distance', rooms.some((room) => isPositive(room) && compare(room, least) < 0)],
  ];
  return objections.flatMap(([key, isOne]) => (isOne ? [key] : []));
}
