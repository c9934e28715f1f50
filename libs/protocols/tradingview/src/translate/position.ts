import { moneyDigits, openProfit, type PricedMarket } from '@core/contracts/market/valuation';
import type { Currency, Decimal, Instant } from '@core/contracts/primitives';
import { toFixed, toNumber } from '@core/kernel/decimal';
import { sessionStart, type SessionPosition, type Screen } from '@core/views/tradingview/session-state';
import type { TvConfig } from '../wire/config.ts';
import type { TvPosition } from '../wire/position.ts';
import { unitsOf } from './quantity.ts';
import { messageOf } from './words.ts';

/** Columns we add to the table of positions; every position fills them in this order. */
export const positionColumns: TvConfig['positionCustomFields'] = [
  { id: 'swap', title: 'Swap', alignment: 'right' },
  { id: 'commission', title: 'Commission', alignment: 'right' },
];

export interface Valuation {
  readonly market: PricedMarket;
  /** Null until the broker has named it. */
  readonly currency: Currency | null;
}

/** An amount as people read it; in the digits of most currencies while the account's is not known. */
export const moneyText = (amount: Decimal, currency: Currency | null): string =>
  toFixed(amount, moneyDigits(currency ?? 'USD'));

/** Positions of the session: open ones, and those closed since it began with a quantity of 0. */
export function translatePositions(book: Screen, now: Instant, valuation: Valuation): TvPosition[] {
  const start = sessionStart(now);
  return Object.values(book.positions)
    .filter(({ closedAt }) => closedAt === null || closedAt >= start)
    .map((position) => translatePosition(position, valuation));
}

export function translatePosition(position: SessionPosition, valuation: Valuation): TvPosition {
  const profit = position.closedAt === null ? unrealizedProfit(position, valuation) : null;
  return {
    id: position.id,
    instrument: position.instrument,
    qty: position.closedAt === null ? unitsOf(position.lots, position.contract) : 0,
    side: position.side,
    avgPrice: toNumber(position.price),
    ...(profit !== null && { unrealizedPl: toNumber(profit) }),
    ...(position.note !== null && { message: messageOf(position.note) }),
    customFields: [
      { id: 'swap', value: moneyText(position.swap, valuation.currency) },
      { id: 'commission', value: moneyText(position.commission, valuation.currency) },
    ],
  };
}

/** Null where a price, a rate or the account's currency is not known. */
export function unrealizedProfit(position: SessionPosition, { market, currency }: Valuation): Decimal | null {
  if (currency === null) return null;
  return openProfit({ ...position, volumeLots: position.lots, openPrice: position.price }, market, currency);
}
