import { moneyDigits, openProfit, totalProfit, type PricedMarket } from '@core/contracts/market/valuation';
import type { Currency, Decimal, Instant } from '@core/contracts/primitives';
import { toFixed, toNumber } from '@core/kernel/decimal';
import { toMs } from '@core/kernel/instant';
import type { Language } from '@core/kernel/language';
import { isOpenPosition, sessionStart, type SessionPosition, type Screen } from '@core/views/tradingview/session-state';
import { say } from '../texts/user-text.ts';
import type { TvConfig } from '../wire/config.ts';
import type { TvIndividualPosition, TvPosition } from '../wire/position.ts';
import { unitsOf } from './quantity.ts';
import { messageOf } from './words.ts';

/** Columns we add to the table of positions; every position fills them in this order. */
export const positionColumns = (language: Language): TvConfig['positionCustomFields'] => [
  { id: 'swap', title: say(language, { key: 'column.swap' }), alignment: 'right' },
  { id: 'commission', title: say(language, { key: 'column.commission' }), alignment: 'right' },
];

type Costs = Pick<SessionPosition, 'swap' | 'commission'>;

export interface Valuation {
  readonly market: PricedMarket;
  /** Null until the broker has named it. */
  readonly currency: Currency | null;
}

/** A cell that nobody can fill at the moment. */
export const UNKNOWN = '—';

/** An amount as people read it; in the digits of most currencies while the account's is not known. */
export const moneyText = (amount: Decimal, currency: Currency | null): string =>
  toFixed(amount, moneyDigits(currency ?? 'USD'));

/** The values of `positionColumns`. */
export const costFields = ({ swap, commission }: Costs, currency: Currency | null) => [
  { id: 'swap', value: moneyText(swap, currency) },
  { id: 'commission', value: moneyText(commission, currency) },
];

/** Open positions, and those that closed since the session began. */
export function positionsOfSession(book: Screen, now: Instant): SessionPosition[] {
  const start = sessionStart(now);
  return Object.values(book.positions).filter(({ closedAt }) => closedAt === null || closedAt >= start);
}

/** Positions of the session: open ones, and those closed since it began with a quantity of 0. */
export const translatePositions = (
  book: Screen,
  now: Instant,
  valuation: Valuation,
  language: Language,
): TvPosition[] => positionsOfSession(book, now).map((position) => translatePosition(position, valuation, language));

export const translatePosition = (position: SessionPosition, valuation: Valuation, language: Language): TvPosition => ({
  ...commonOf(position, valuation, language),
  avgPrice: toNumber(position.price),
});

/** The same positions as those beneath a net position. */
export const translateIndividualPositions = (
  book: Screen,
  now: Instant,
  valuation: Valuation,
  language: Language,
): TvIndividualPosition[] =>
  positionsOfSession(book, now).map((position) => ({
    ...commonOf(position, valuation, language),
    date: String(toMs(position.openedAt)),
    price: toNumber(position.price),
  }));

/** What of a position both lists say in the same words. */
function commonOf(position: SessionPosition, valuation: Valuation, language: Language) {
  const profit = isOpenPosition(position) ? unrealizedProfit(position, valuation) : null;
  return {
    id: position.id,
    instrument: position.instrument,
    qty: isOpenPosition(position) ? unitsOf(position.lots, position.contract) : 0,
    side: position.side,
    ...(profit !== null && { unrealizedPl: toNumber(profit) }),
    ...(position.note !== null && { message: messageOf(position.note, language) }),
    customFields: costFields(position, valuation.currency),
  };
}

/** Null where a price, a rate or the account's currency is not known. */
function unrealizedProfit(position: SessionPosition, { market, currency }: Valuation): Decimal | null {
  if (currency === null) return null;
  return openProfit({ ...position, volumeLots: position.lots, openPrice: position.price }, market, currency);
}

export const openProfitOf = (open: readonly SessionPosition[], valuation: Valuation): Decimal | null =>
  totalProfit(open.map((position) => unrealizedProfit(position, valuation)));
