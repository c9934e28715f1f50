import type { Currency, Decimal } from '@core/contracts/primitives';
import { add, divide, isPositive, multiply, subtract, sum, toFixed, toNumber, ZERO } from '@core/kernel/decimal';
import type { Screen } from '@core/views/tradingview/session-state';
import type { TvConfig } from '../wire/config.ts';
import type { TvState } from '../wire/state.ts';
import { moneyText, unrealizedProfit, type Valuation } from './position.ts';

/** What the broker says of an account. Money is account currency; null is not told yet. */
export interface ReportedAccount {
  readonly terms: { readonly currency: Currency; readonly leverage: Decimal | null } | null;
  readonly money: { readonly balance: Decimal; readonly credit: Decimal } | null;
  /** A sample, up to a minute old. */
  readonly equity: { readonly equity: Decimal; readonly margin: Decimal } | null;
  readonly session: { readonly status: 'never' | 'open' | 'lost' };
}

interface Figures {
  readonly account: ReportedAccount;
  readonly balance: Decimal;
  readonly credit: Decimal;
  readonly profit: Decimal;
  readonly equity: Decimal;
  /** Null until the broker has sampled it. */
  readonly margin: Decimal | null;
}

interface Cell {
  readonly id: string;
  readonly title: string;
  readonly of: (figures: Figures) => string;
}

const UNKNOWN = '—';
const money =
  (pick: (figures: Figures) => Decimal | null) =>
  (figures: Figures): string => {
    const value = pick(figures);
    return value === null ? UNKNOWN : moneyText(value, figures.account.terms?.currency ?? null);
  };
const freeMargin = ({ equity, margin }: Figures): Decimal | null => (margin === null ? null : subtract(equity, margin));
const connections = { never: 'Connecting', open: 'Connected', lost: 'Disconnected' } as const;

const balance: Cell = { id: 'balance', title: 'Balance', of: money(({ balance }) => balance) };
const equity: Cell = { id: 'equity', title: 'Equity', of: money(({ equity }) => equity) };
const profit: Cell = { id: 'profit', title: 'Open profit', of: money(({ profit }) => profit) };
const margin: Cell = { id: 'margin', title: 'Margin', of: money(({ margin }) => margin) };
const free: Cell = { id: 'freeMargin', title: 'Free margin', of: money(freeMargin) };

// One definition of both: what `/config` names and what `/state` fills cannot differ in number or order.
const summary: readonly Cell[] = [balance, equity, profit, margin, free];
const table: readonly Cell[] = [
  balance,
  { id: 'credit', title: 'Credit', of: money(({ credit }) => credit) },
  equity,
  profit,
  margin,
  free,
  { id: 'marginLevel', title: 'Margin level', of: marginLevel },
  { id: 'leverage', title: 'Leverage', of: ({ account }) => leverage(account) },
  { id: 'connection', title: 'Broker', of: ({ account }) => connections[account.session.status] },
];

export const accountSummaryRow: TvConfig['accountSummaryRow'] = summary.map(({ id, title }) => ({ id, title }));

export const accountManager: TvConfig['accountManager'] = [
  { id: 'account', title: 'Account', columns: table.map(({ id, title }) => ({ id, title, alignment: 'right' })) },
];

/** Null while the broker has not told the balance: an unknown balance is not a balance of zero. */
export function translateState(account: ReportedAccount, book: Screen, valuation: Valuation): TvState | null {
  if (account.money === null) return null;
  const figures = figuresOf(account, account.money, book, valuation);
  const available = freeMargin(figures);
  return {
    balance: toNumber(figures.balance),
    unrealizedPl: toNumber(figures.profit),
    equity: toNumber(figures.equity),
    ...(available !== null && { marginAvailable: toNumber(available) }),
    accountSummaryRowData: summary.map(({ of }) => of(figures)),
    amData: [[table.map(({ of }) => of(figures))]],
  };
}

function figuresOf(
  account: ReportedAccount,
  { balance, credit }: NonNullable<ReportedAccount['money']>,
  book: Screen,
  valuation: Valuation,
): Figures {
  const own = add(balance, credit);
  const open = Object.values(book.positions).filter(({ closedAt }) => closedAt === null);
  const profits = open.map((position) => unrealizedProfit(position, valuation));
  const known = { account, balance, credit, margin: account.equity?.margin ?? null };
  if (!profits.includes(null)) {
    const profit = sum(profits.filter((each) => each !== null));
    const costs = sum(open.map(({ swap, commission }) => add(swap, commission)));
    return { ...known, profit, equity: add(own, add(profit, costs)) };
  }
  // Some position cannot be valued here: the broker's last sample of the whole account is nearer than a partial sum.
  const equity = account.equity?.equity ?? own;
  return { ...known, profit: subtract(equity, own), equity };
}

function marginLevel({ equity, margin }: Figures): string {
  if (margin === null || !isPositive(margin)) return UNKNOWN;
  return `${toFixed(multiply(divide(equity, margin), '100'), 0)}%`;
}

const leverage = ({ terms }: ReportedAccount): string =>
  terms === null || terms.leverage === null || terms.leverage === ZERO ? UNKNOWN : `1:${terms.leverage}`;
