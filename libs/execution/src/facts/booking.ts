import type { BalanceOperation } from '@core/contracts/events/account';
import type { Decimal, PositionId } from '@core/contracts/primitives';
import { add, subtract, sum, ZERO } from '@core/kernel/decimal';
import { dueOf, type Accruals, type PendingBooking } from '@core/projections/accruals';
import type { BrokerBook } from '@core/projections/broker-book/state';
import type { Cause } from '../fact.ts';

/** What a balance owes its change to. */
export interface Booking {
  readonly operation: BalanceOperation;
  readonly cause: Cause | null;
}

export interface MoneyChange {
  readonly balance: Decimal;
  readonly credit: Decimal;
}

type Accrued = Pick<BrokerBook, 'accruals'>;

/** Openings of which any may have been booked; of more of them, only the older or the younger ones. */
const OPENINGS_MAX = 8;

/**
 * The bookings that make up a change exactly: the oldest of what positions led to with the oldest of what was paid in or
 * out, or a single one. Null where none do. Whether a commission is booked at the opening or at the close is tried both
 * ways, first as it was the last time.
 */
export function explanationOf(
  { accruals }: Accrued,
  cash: readonly Booking[],
  change: MoneyChange,
): readonly Booking[] | null {
  for (const prepaid of prepaidWays(accruals)) {
    const traded = bookingsOf(accruals, prepaid);
    const found = oldest(traded, cash, change);
    if (found) return found;
    const single = [...traded, ...cash].find((booking) => isSameChange(changeBy([booking]), change));
    if (single) return [single];
  }
  return null;
}

/** Everything that is known to be in it, and what that leaves without a reason. */
export function leftoverOf({ accruals }: Accrued, cash: readonly Booking[], change: MoneyChange): readonly Booking[] {
  const prepaid = accruals.commissionAt === 'opening' ? openingsOf(accruals) : NONE;
  const known = [...bookingsOf(accruals, prepaid), ...cash];
  const { balance, credit } = changeBy(known);
  const rest = { balance: subtract(change.balance, balance), credit: subtract(change.credit, credit) };
  return [...known, ...corrections(rest)];
}

/** Commissions of the `prepaid` positions are booked by themselves, and their deals come without them. */
export function bookingsOf({ pending, positions }: Accruals, prepaid: ReadonlySet<PositionId>): readonly Booking[] {
  return pending
    .filter(({ is, positionId }) => is === 'deal' || prepaid.has(positionId))
    .map((each) => {
      const { positionId } = each;
      return tradingOf(each, dueOf(each, prepaid.has(positionId) || positions[positionId]?.isPrepaid === true));
    });
}

/** Positions whose commission no balance was seen to have, nor to lack. */
export const openingsOf = ({ pending }: Accruals): ReadonlySet<PositionId> =>
  new Set(pending.filter(({ is }) => is === 'opening').map(({ positionId }) => positionId));

const NONE: ReadonlySet<PositionId> = new Set();

function* prepaidWays(accruals: Accruals): Iterable<ReadonlySet<PositionId>> {
  const all = [...openingsOf(accruals)];
  yield* accruals.commissionAt === 'opening' ? [new Set(all), NONE] : [NONE, new Set(all)];
  for (let many = 1; many < all.length; many += 1) {
    yield new Set(all.slice(many));
    yield new Set(all.slice(0, many));
  }
  if (all.length > OPENINGS_MAX) return;
  for (let some = 1; some < 2 ** all.length - 1; some += 1)
    yield new Set(all.filter((_, index) => Math.floor(some / 2 ** index) % 2 === 1));
}

function oldest(traded: readonly Booking[], cash: readonly Booking[], change: MoneyChange): readonly Booking[] | null {
  for (let many = 0; many <= cash.length; many += 1) {
    const paid = cash.slice(0, many);
    const sums = changeBy(paid);
    let { balance } = sums;
    for (let count = 0; count <= traded.length; count += 1) {
      if (count > 0) balance = add(balance, traded[count - 1]?.operation.delta ?? ZERO);
      if (count + many > 0 && isSameChange({ ...sums, balance }, change)) return [...traded.slice(0, count), ...paid];
    }
  }
  return null;
}

const tradingOf = ({ positionId, correlationid, eventId }: PendingBooking, delta: Decimal): Booking => ({
  operation: { type: 'trading', delta, reference: positionId, comment: null },
  cause: { correlationid, lastEventId: eventId },
});

export function changeBy(bookings: readonly Booking[]): MoneyChange {
  const of = (isCredit: boolean): Decimal =>
    sum(bookings.flatMap(({ operation: { type, delta } }) => ((type === 'credit') === isCredit ? [delta] : [])));
  return { balance: of(false), credit: of(true) };
}

export const isSameChange = (one: MoneyChange, other: MoneyChange): boolean =>
  one.balance === other.balance && one.credit === other.credit;

function corrections({ balance, credit }: MoneyChange): readonly Booking[] {
  const common = { reference: null, comment: 'reconciled' };
  const parts = [
    { type: 'credit' as const, delta: credit, ...common },
    { type: 'correction' as const, delta: balance, ...common },
  ];
  return parts.filter(({ delta }) => delta !== ZERO).map((operation) => ({ operation, cause: null }));
}
