import type { BalanceOperation } from '@core/contracts/events/account';
import type { AccountId, Decimal, Instant } from '@core/contracts/primitives';
import { add, subtract, sum, ZERO } from '@core/kernel/decimal';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { factOf, type Fact } from '../fact.ts';
import type { AccountFigures } from '../report.ts';
import {
  bookingsOf,
  changeBy,
  explanationOf,
  isSameChange,
  leftoverOf,
  openingsOf,
  type Booking,
  type MoneyChange,
} from './booking.ts';

type Money = Pick<AccountFigures, 'balance' | 'credit'>;
type Told = Booking | { readonly operation: null; readonly cause: null };

const UNEXPLAINED: Told = { operation: null, cause: null };

/**
 * The balance the broker told, at once, with what moved it where that adds up already.
 * The balance itself is always the broker's: it is never computed from deals.
 */
export function balanceFacts(
  account: AccountId,
  book: BrokerBook,
  seen: Money,
  cash: readonly Booking[],
  at: Instant,
): readonly Fact[] {
  if (book.money === null) return firstBalanceFacts(account, book, seen, false, at);
  const change = changeOf(book.money, seen);
  if (isNothing(change)) return explainedFacts(account, book, cash, at);
  const { unexplained } = book.accruals;
  const found = explanationOf(book, cash, both(change, unexplained)) ?? explanationOf(book, cash, change);
  return changed(account, book, seen, found ?? [UNEXPLAINED], at);
}

/**
 * The broker's first word of a balance, as if it had been told before what it has in it. `isPrepaid`: that is the
 * commissions of what stands too.
 */
export function firstBalanceFacts(
  account: AccountId,
  book: BrokerBook,
  seen: Money,
  isPrepaid: boolean,
  at: Instant,
): readonly Fact[] {
  const contained = bookingsOf(book.accruals, isPrepaid ? openingsOf(book.accruals) : new Set());
  const balance = subtract(seen.balance, sum(contained.map(({ operation }) => operation.delta)));
  const before = { ...book, money: { balance, credit: seen.credit } };
  return changed(account, before, seen, [UNEXPLAINED, ...contained], at);
}

/** The reason of a balance that was told without one, once it adds up; nothing until then. */
export function explainedFacts(
  account: AccountId,
  book: BrokerBook,
  cash: readonly Booking[],
  at: Instant,
): readonly Fact[] {
  if (book.money === null || isNothing(book.accruals.unexplained)) return [];
  const found = explanationOf(book, cash, book.accruals.unexplained);
  return found ? changed(account, book, book.money, found, at) : [];
}

/**
 * Nothing more is to come that could have moved the balance: what is known keeps its share, and the rest is told as a
 * correction that no record says the reason of.
 */
export function correctedFacts(
  account: AccountId,
  book: BrokerBook,
  seen: Money,
  cash: readonly Booking[],
  at: Instant,
): readonly Fact[] {
  if (book.money === null) return [];
  const change = both(changeOf(book.money, seen), book.accruals.unexplained);
  const told = isNothing(change) ? [] : (explanationOf(book, cash, change) ?? leftoverOf(book, cash, change));
  return changed(account, book, seen, told, at);
}

/** A sample of what floats with the market, named by its time. */
export function equityMark(account: AccountId, figures: AccountFigures, at: Instant): Fact {
  const { balance, credit, equity, margin, marginFree, marginLevel } = figures;
  const data = { balance, credit, equity, margin, marginFree, marginLevel };
  return factOf(account, { type: 'EquityMarked', data }, { key: at }, at, null);
}

export const isNothing = ({ balance, credit }: MoneyChange): boolean => balance === ZERO && credit === ZERO;

const changeOf = (known: Money, seen: Money): MoneyChange => ({
  balance: subtract(seen.balance, known.balance),
  credit: subtract(seen.credit, known.credit),
});

const both = (one: MoneyChange, other: MoneyChange): MoneyChange => ({
  balance: add(one.balance, other.balance),
  credit: add(one.credit, other.credit),
});

/**
 * The last of them tells what the broker told; those before it what it must have been then, or the same where it was
 * told before.
 */
function changed(
  account: AccountId,
  { money, moneyChanges }: BrokerBook,
  seen: Money,
  told: readonly Told[],
  at: Instant,
): readonly Fact[] {
  let { balance, credit } = money ?? seen;
  const isNews =
    money !== null && isSameChange(changeOf(money, seen), changeBy(told.filter((each) => each.operation !== null)));
  return told.map(({ operation, cause }, index) => {
    if (!isNews || index === told.length - 1) ({ balance, credit } = seen);
    else if (operation?.type === 'credit') credit = add(credit, operation.delta);
    else balance = add(balance, operation?.delta ?? ZERO);
    const data: { balance: Decimal; credit: Decimal; operation: BalanceOperation | null } = {
      balance,
      credit,
      operation,
    };
    const key = { key: 'balance', ordinal: moneyChanges + index + 1, content: { balance, credit } };
    return factOf(account, { type: 'BalanceChanged', data }, key, at, cause);
  });
}
