import type { Decimal, Instant } from '@core/contracts/primitives';
import { multiply, round, subtract, toFixed, toNumber } from '@core/kernel/decimal';
import { sessionStart, type BookPosition, type Screen } from '@core/views/tradingview/session-state';
import type { TvConfig } from '../wire/config.ts';
import type { TvPosition } from '../wire/position.ts';
import { unitsOf } from './quantity.ts';
import type { QuoteOf, Rates } from './rates.ts';
import { messageOf } from './words.ts';

/** Decimals of amounts of money on the screen. */
export const MONEY_DIGITS = 2;

/** Columns we add to the table of positions; every position fills them in this order. */
export const positionColumns: TvConfig['positionCustomFields'] = [
  { id: 'swap', title: 'Swap', alignment: 'right' },
  { id: 'commission', title: 'Commission', alignment: 'right' },
];

export interface Valuation {
  readonly quoteOf: QuoteOf;
  readonly rates: Rates;
  /** Null until the broker has named it. */
  readonly currency: string | null;
}

/** Positions of the session: open ones, and those closed since it began with a quantity of 0. */
export function translatePositions(book: Screen, now: Instant, valuation: Valuation): TvPosition[] {
  const start = sessionStart(now);
  return Object.values(book.positions)
    .filter(({ closedAt }) => closedAt === null || closedAt >= start)
    .map((position) => translatePosition(position, valuation));
}

export function translatePosition(position: BookPosition, valuation: Valuation): TvPosition {
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
      { id: 'swap', value: toFixed(position.swap, MONEY_DIGITS) },
      { id: 'commission', value: toFixed(position.commission, MONEY_DIGITS) },
    ],
  };
}

/** Gross profit at the price it would close at now, in account currency; null where a price or a rate is not known. */
export function unrealizedProfit(
  { instrument, contract, side, lots, price }: BookPosition,
  { quoteOf, rates, currency }: Valuation,
): Decimal | null {
  const quote = quoteOf(instrument);
  const rate = currency === null ? null : rates.rate(contract.quoteCurrency, currency);
  if (quote === null || rate === null) return null;
  const gained = side === 'buy' ? subtract(quote.bid, price) : subtract(price, quote.ask);
  return round(multiply(multiply(gained, multiply(lots, contract.contractSize)), rate), MONEY_DIGITS);
}
