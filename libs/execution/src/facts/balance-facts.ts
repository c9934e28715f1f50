import type { BalanceOperation } from '@core/contracts/events/account';
import type { AccountId, Decimal, Instant } from '@core/contracts/primitives';
import { add, subtract, sum, ZERO } from '@core/kernel/decimal';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { factOf, type Cause, type Fact } from '../fact.ts';
import type { Observation } from '../knowledge.ts';
import type { AccountFigures } from '../report.ts';

/** What a balance owes its change to. */
export interface Booking {
  readonly operation: BalanceOperation;
  readonly cause: Cause | null;
}

/**
 * The balance moved: by which bookings? Null while they do not add up and may still come (a balance may be told before
 * the deal that moved it). Once `late`, what is left is told without a reason.
 * The balance itself is always the broker's: it is never computed from deals.
 */
export function balanceFacts(
  account: AccountId,
  book: BrokerBook,
  seen: AccountFigures,
  bookings: readonly Booking[],
  { at, late, inferred }: Observation,
): readonly Fact[] | null {
  const { money: known } = book;
  if (known === null) return [changed(account, book, 0, seen, null, null, at)];
  const delta = subtract(seen.balance, known.balance);
  const creditDelta = subtract(seen.credit, known.credit);
  if (delta === ZERO && creditDelta === ZERO) return [];

  const explained = explanation(bookings, delta, creditDelta) ?? (late ? remainder(bookings, delta, inferred) : null);
  if (explained === null) return null;
  let { balance } = known;
  return explained.map((booking, index) => {
    const last = index === explained.length - 1;
    balance = last ? seen.balance : add(balance, balanceDelta(booking));
    return changed(
      account,
      book,
      index,
      { balance, credit: last ? seen.credit : known.credit },
      booking.operation,
      booking.cause,
      at,
    );
  });
}

/** A sample of what floats with the market, named by its time. */
export function equityMark(
  account: AccountId,
  { equity, margin, marginFree, marginLevel }: AccountFigures,
  at: Instant,
): Fact {
  const data = { equity, margin, marginFree, marginLevel };
  return factOf(account, { type: 'EquityMarked', data }, { key: at }, at, null);
}

function changed(
  account: AccountId,
  { moneyChanges }: BrokerBook,
  index: number,
  { balance, credit }: Pick<AccountFigures, 'balance' | 'credit'>,
  operation: BalanceOperation | null,
  cause: Cause | null,
  at: Instant,
): Fact {
  const data = { balance, credit, operation };
  const key = { key: 'balance', ordinal: moneyChanges + index + 1, content: { balance, credit } };
  return factOf(account, { type: 'BalanceChanged', data }, key, at, cause);
}

type Told = Booking | { readonly operation: null; readonly cause: null };

const balanceDelta = ({ operation }: Told): Decimal =>
  operation === null || operation.type === 'credit' ? ZERO : operation.delta;

/** The oldest bookings that make up the change exactly, or a single one that does. */
function explanation(bookings: readonly Booking[], delta: Decimal, creditDelta: Decimal): readonly Told[] | null {
  let balance: Decimal = ZERO;
  let credit: Decimal = ZERO;
  for (const [index, booking] of bookings.entries()) {
    balance = add(balance, balanceDelta(booking));
    if (booking.operation.type === 'credit') credit = add(credit, booking.operation.delta);
    if (balance === delta && credit === creditDelta) return bookings.slice(0, index + 1);
  }
  const single = bookings.find(
    (booking) =>
      balanceDelta(booking) === delta &&
      (booking.operation.type === 'credit' ? booking.operation.delta : ZERO) === creditDelta,
  );
  return single ? [single] : null;
}

/** What is known keeps its share; costs that came with no figure of their own go to the last of it. */
function remainder(bookings: readonly Booking[], delta: Decimal, inferred: boolean): readonly Told[] {
  const last = bookings.at(-1);
  if (last === undefined) return [{ operation: inferred ? corrected(delta) : null, cause: null }] as readonly Told[];
  const others = bookings.slice(0, -1);
  const left = subtract(delta, sum(others.map(balanceDelta)));
  return [...others, { ...last, operation: { ...last.operation, delta: left } }];
}

const corrected = (delta: Decimal): BalanceOperation => ({
  type: 'correction',
  delta,
  reference: null,
  comment: 'reconciled',
});
