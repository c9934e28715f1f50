import type { Event, EventOf } from '@core/contracts/event';
import {
  ignoring,
  ORDER_EVENTS,
  UPKEEP_EVENTS,
  REQUEST_EVENTS,
  RESTRICTION_EVENTS,
  SIGNAL_EVENTS,
} from '@core/contracts/ignoring';
import type { Decimal, PositionId, Uuid } from '@core/contracts/primitives';
import { add, negate, subtract, sum, ZERO } from '@core/kernel/decimal';
import { unreachable } from '@core/kernel/unreachable';

/**
 * What positions cost and brought, and how much of it the balance has already. Brokers differ: a commission is booked
 * when its position opens or when it closes, so it is read from the balance's own changes and never assumed.
 */
export interface Accruals {
  /** Open positions, and closed ones until the balance has all of them, as far as `pending` goes back. */
  positions: Record<PositionId, PositionAccrual>;
  /**
   * Openings and deals that no `BalanceChanged` has told yet, oldest first; it names the event as its cause.
   * A commission that is booked at the close stays until its position is closed and booked.
   */
  pending: PendingBooking[];
  /** When a commission left the balance, the last time that it could be seen. */
  commissionAt: 'opening' | 'closing' | null;
  /** Of the changes of balance and credit, what no operation has told the reason of yet. */
  unexplained: Unexplained;
}

interface Unexplained {
  balance: Decimal;
  credit: Decimal;
}

interface PositionAccrual {
  /** Of what is open. */
  swap: Decimal;
  commission: Decimal;
  /** Profit, swap and commission of its deals. */
  dealt: Decimal;
  /** Of all that, what the balance has. */
  booked: Decimal;
  /** Its commission left the balance when it opened. */
  isPrepaid: boolean;
  isOpen: boolean;
}

/** `amount` is an opening's commission, or a deal's profit and swap; `commission` is that of what the deal closed. */
export interface PendingBooking {
  readonly is: 'opening' | 'deal';
  readonly positionId: PositionId;
  readonly amount: Decimal;
  readonly commission: Decimal;
  readonly correlationid: Uuid;
  /** The `PositionOpened`, `PositionReduced` or `PositionClosed`. */
  readonly eventId: Uuid;
}

/** Far more than can be on its way to a balance at once. */
const PENDING_MAX = 1000;

const ignored = ignoring(
  'AccountRegistered',
  'AccountSessionOpened',
  'AccountSessionLost',
  'AccountUpdated',
  'EquityMarked',
  'AccountReconciled',
  'PositionAmended',
  ...SIGNAL_EVENTS,
  ...REQUEST_EVENTS,
  ...ORDER_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
);

export const noAccruals = (): Accruals => ({
  positions: {},
  pending: [],
  commissionAt: null,
  unexplained: { balance: ZERO, credit: ZERO },
});

/**
 * What an account's equity has of its positions besides their open profit and its balance: costs are negative.
 * A balance that moved for no known reason moved for a position, until it turns out otherwise: deals are the rule.
 */
export const accrued = ({ positions, unexplained }: Pick<Accruals, 'positions' | 'unexplained'>): Decimal =>
  sum([negate(unexplained.balance), ...Object.values(positions).map(left)]);

const left = ({ swap, commission, dealt, booked }: PositionAccrual): Decimal =>
  subtract(sum([swap, commission, dealt]), booked);

/** What a pending booking moves the balance by, if the commission of its position was booked at the opening or was not. */
export const dueOf = ({ is, amount, commission }: PendingBooking, isPrepaid: boolean): Decimal =>
  is === 'opening' || isPrepaid ? amount : add(amount, commission);

/** `money` is what the balance and the credit were before. */
export function accrue(accruals: Accruals, event: Event, money: Readonly<Unexplained> | null): void {
  if (ignored(event)) return;
  switch (event.type) {
    case 'PositionOpened':
      return opened(accruals, event);
    case 'PositionSwapCharged': {
      const position = accruals.positions[event.data.positionId];
      if (position?.isOpen) position.swap = event.data.swap;
      return;
    }
    case 'PositionReduced': {
      const { remainingSwap: swap, remainingCommission: commission } = event.data;
      return dealt(accruals, event, { swap, commission, isOpen: true });
    }
    case 'PositionClosed':
      return dealt(accruals, event, { swap: ZERO, commission: ZERO, isOpen: false });
    case 'BalanceChanged':
      if (money) explain(accruals.unexplained, money, event.data);
      return balanced(accruals, event);
    default:
      return unreachable(event);
  }
}

function opened(accruals: Accruals, { id, correlationid, data }: EventOf<'PositionOpened'>): void {
  const { positionId, swap, commission } = data;
  if (accruals.positions[positionId]) return;
  accruals.positions[positionId] = { swap, commission, dealt: ZERO, booked: ZERO, isPrepaid: false, isOpen: true };
  if (commission === ZERO) return;
  enqueue(accruals, {
    is: 'opening',
    positionId,
    amount: commission,
    commission: ZERO,
    correlationid,
    eventId: id,
  });
}

function dealt(
  accruals: Accruals,
  { id, correlationid, data }: EventOf<'PositionReduced' | 'PositionClosed'>,
  remaining: Pick<PositionAccrual, 'swap' | 'commission' | 'isOpen'>,
): void {
  const { positionId, profit, swap, commission } = data;
  const position = accruals.positions[positionId];
  if (!position?.isOpen) return;
  Object.assign(position, remaining, { dealt: sum([position.dealt, profit, swap, commission]) });
  enqueue(accruals, { is: 'deal', positionId, amount: add(profit, swap), commission, correlationid, eventId: id });
}

/** What an operation tells is explained; an account begins with a balance that needs no reason. */
function explain(
  unexplained: Unexplained,
  before: Readonly<Unexplained>,
  { balance, credit, operation }: EventOf<'BalanceChanged'>['data'],
): void {
  const told = operation?.type === 'credit' ? 'credit' : 'balance';
  unexplained.balance = add(unexplained.balance, subtract(balance, before.balance));
  unexplained.credit = add(unexplained.credit, subtract(credit, before.credit));
  unexplained[told] = subtract(unexplained[told], operation?.delta ?? ZERO);
}

function balanced(accruals: Accruals, { causationid, data: { operation } }: EventOf<'BalanceChanged'>): void {
  if (operation?.type === 'correction') settleDeals(accruals);
  if (operation?.type !== 'trading' || operation.reference === null) return;
  const { reference: positionId, delta } = operation;
  const position = accruals.positions[positionId];
  if (!position) return;
  position.booked = add(position.booked, delta);
  const { pending } = accruals;
  const told = pending.findIndex(({ eventId }) => eventId === causationid);
  const [entry] = told === -1 ? [] : pending.splice(told, 1);
  if (entry?.is === 'opening') {
    position.isPrepaid = true;
    accruals.commissionAt = 'opening';
  } else if (pending.slice(0, told).some(({ is }) => is === 'opening')) {
    // Booked before commissions that came before it.
    accruals.commissionAt = 'closing';
  }
  forgetSettled(accruals, positionId);
}

/** The balance is what it is, whatever led to it: no deal is left to be told. */
function settleDeals(accruals: Accruals): void {
  const { positions } = accruals;
  const deals = accruals.pending.filter(({ is }) => is === 'deal');
  accruals.pending = accruals.pending.filter(({ is }) => is === 'opening');
  for (const deal of deals) {
    const position = positions[deal.positionId];
    if (position) position.booked = add(position.booked, dueOf(deal, position.isPrepaid));
    forgetSettled(accruals, deal.positionId);
  }
}

function forgetSettled(accruals: Accruals, id: PositionId): void {
  const { positions, pending } = accruals;
  const isPending = pending.some(({ positionId, is }) => positionId === id && is === 'deal');
  if (positions[id]?.isOpen !== false || isPending) return;
  delete positions[id];
  accruals.pending = pending.filter(({ positionId }) => positionId !== id);
}

function enqueue(accruals: Accruals, booking: PendingBooking): void {
  accruals.pending.push(booking);
  if (accruals.pending.length <= PENDING_MAX) return;
  const oldest = accruals.pending.shift();
  if (oldest) forgetUntold(accruals, oldest.positionId);
}

/** A balance that never tells of a closed position was moved for it all the same, for no reason that it told. */
function forgetUntold({ positions, pending, unexplained }: Accruals, id: PositionId): void {
  const position = positions[id];
  if (!position || position.isOpen || pending.some(({ positionId }) => positionId === id)) return;
  unexplained.balance = subtract(unexplained.balance, left(position));
  delete positions[id];
}
