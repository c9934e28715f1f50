import { worthOf, type ReportedMoney, type WorthNow } from '@core/contracts/market/account-figures';
import type { Currency, Decimal } from '@core/contracts/primitives';
import { toFixed, toNumber, ZERO } from '@core/kernel/decimal';
import type { Language } from '@core/kernel/language';
import { isOpenPosition, type Screen } from '@core/views/tradingview/session-state';
import { say, type TextKey } from '../texts/user-text.ts';
import type { TvBalance } from '../wire/balance.ts';
import type { TvConfig } from '../wire/config.ts';
import type { TvState } from '../wire/state.ts';
import { moneyText, openProfitOf, UNKNOWN, type Valuation } from './position.ts';

/** What the broker says of an account. Money is account currency; null is not told yet. */
export interface ReportedAccount extends Omit<ReportedMoney, 'money'> {
  readonly terms: { readonly currency: Currency; readonly leverage: Decimal | null } | null;
  readonly money: ReportedMoney['money'] | null;
  readonly session: { readonly status: 'never' | 'open' | 'lost' };
}

interface Figures extends WorthNow {
  readonly account: ReportedAccount;
  readonly balance: Decimal;
  readonly credit: Decimal;
}

interface Cell {
  readonly id: string;
  readonly title: TextKey;
  readonly of: (figures: Figures, language: Language) => string;
}

const money =
  (pick: (figures: Figures) => Decimal | null) =>
  (figures: Figures): string => {
    const value = pick(figures);
    return value === null ? UNKNOWN : moneyText(value, figures.account.terms?.currency ?? null);
  };

const balance: Cell = { id: 'balance', title: 'column.balance', of: money(({ balance }) => balance) };
const equity: Cell = { id: 'equity', title: 'column.equity', of: money(({ equity }) => equity) };
const profit: Cell = { id: 'profit', title: 'column.profit', of: money(({ profit }) => profit) };
const margin: Cell = { id: 'margin', title: 'column.margin', of: money(({ margin }) => margin) };
const free: Cell = { id: 'freeMargin', title: 'column.freeMargin', of: money(({ marginFree }) => marginFree) };

// One definition of both: what `/config` names and what `/state` fills cannot differ in number or order.
const summary: readonly Cell[] = [balance, equity, profit, margin, free];
const table: readonly Cell[] = [
  balance,
  { id: 'credit', title: 'column.credit', of: money(({ credit }) => credit) },
  equity,
  profit,
  margin,
  free,
  { id: 'marginLevel', title: 'column.marginLevel', of: levelText },
  { id: 'leverage', title: 'column.leverage', of: ({ account }) => leverage(account) },
  {
    id: 'connection',
    title: 'column.connection',
    of: ({ account }, language) => say(language, { key: `connection.${account.session.status}` }),
  },
];

export const accountSummaryRow = (language: Language): TvConfig['accountSummaryRow'] =>
  summary.map(({ id, title }) => ({ id, title: say(language, { key: title }) }));

export const accountManager = (language: Language): TvConfig['accountManager'] => [
  {
    id: 'account',
    title: say(language, { key: 'table.account' }),
    columns: table.map(({ id, title }) => ({ id, title: say(language, { key: title }), alignment: 'right' })),
  },
];

/** Null while the broker has not told the balance: an unknown balance is not a balance of zero. */
export function translateState(
  account: ReportedAccount,
  book: Screen,
  valuation: Valuation,
  language: Language,
): TvState | null {
  const figures = figuresOf(account, book, valuation);
  if (figures === null) return null;
  return {
    balance: toNumber(figures.balance),
    unrealizedPl: toNumber(figures.profit),
    equity: toNumber(figures.equity),
    ...(figures.marginFree !== null && { marginAvailable: toNumber(figures.marginFree) }),
    accountSummaryRowData: summary.map(({ of }) => of(figures, language)),
    amData: [[table.map(({ of }) => of(figures, language))]],
  };
}

/** The money of an account as the one balance it is; null while the broker has not told all of it. */
export function translateBalances(account: ReportedAccount, book: Screen, valuation: Valuation): TvBalance[] | null {
  const figures = figuresOf(account, book, valuation);
  const symbol = account.terms?.currency;
  if (figures === null || figures.margin === null || figures.marginFree === null || symbol === undefined) return null;
  const { balance, margin, marginFree } = figures;
  return [{ symbol, total: toNumber(balance), available: toNumber(marginFree), reserved: toNumber(margin) }];
}

function figuresOf(account: ReportedAccount, book: Screen, valuation: Valuation): Figures | null {
  if (account.money === null) return null;
  const { balance, credit } = account.money;
  const worth = worthOf(
    { ...account, money: account.money },
    openProfitOf(Object.values(book.positions).filter(isOpenPosition), valuation),
  );
  return { account, balance, credit, ...worth };
}

function levelText({ marginLevel }: Figures): string {
  return marginLevel === null ? UNKNOWN : `${toFixed(marginLevel, 0)}%`;
}

const leverage = ({ terms }: ReportedAccount): string =>
  terms === null || terms.leverage === null || terms.leverage === ZERO ? UNKNOWN : `1:${terms.leverage}`;
