import type { RecordedEvent } from '@core/contracts/event';
import type { OrderId, PositionId } from '@core/contracts/primitives';
import type { Projection } from '@core/kernel/projection';
import { accountState, type AccountState } from '@core/projections/account';
import { accountOrders, type AccountOrders, type OrderState } from '@core/projections/orders';
import { accountPositions, type AccountPositions } from '@core/projections/positions';

/** One account as its sessions see it. */
export interface SessionBook {
  account: AccountState;
  orders: AccountOrders;
  positions: AccountPositions;
  /** How many messages the account's events have made so far: the number of the last one. */
  sequence: number;
  /** What the last event meant; null is nothing. */
  latest: SessionChange | null;
}

/** What becomes of a position, and of a limit or stop order, as a session hears of it. */
export type PositionChange = 'created' | 'updated' | 'closed';
export type PendingChange = 'created' | 'updated' | 'canceled' | 'failed' | 'executed';

/** What a recorded event means to a session: at most one message, about one thing. */
export type SessionChange =
  | { readonly of: 'account'; readonly what: 'added' | 'updated' }
  | { readonly of: 'position'; readonly what: PositionChange; readonly id: PositionId }
  | { readonly of: 'pending'; readonly what: PendingChange; readonly id: OrderId };

/** Everything a session is told of, in one fold: its order is the log's order. */
export const sessionBook: Projection<SessionBook, RecordedEvent> = {
  name: 'ws-session',
  version: 1,

  initial: () => ({
    account: accountState.initial(),
    orders: accountOrders.initial(),
    positions: accountPositions.initial(),
    sequence: 0,
    latest: null,
  }),

  evolve(book, event) {
    const { created, updated } = book.account;
    const [pending, position] = [pendingOf(book, event), positionOf(book, event)];
    accountState.evolve(book.account, event);
    accountOrders.evolve(book.orders, event);
    accountPositions.evolve(book.positions, event);
    book.latest =
      accountChange({ created, updated }, book.account) ??
      positionChange(event, position, positionOf(book, event)) ??
      pendingChange(event, pending, pendingOf(book, event));
    if (book.account.registration === null) book.latest = null;
    if (book.latest) book.sequence += 1;
  },
};

/** Whether a limit or stop order stands at the broker: for a session it exists from then until it stands no more. */
export const isPending = ({ status, kind }: Pick<OrderState, 'status' | 'kind'>): boolean =>
  status === 'working' && kind !== 'market';

type Stamps = Pick<AccountState, 'created' | 'updated'>;

interface Seen<Id, Status> {
  readonly id: Id;
  readonly status: Status;
}

function pendingOf({ orders }: SessionBook, { data }: RecordedEvent): Seen<OrderId, 'pending' | 'none'> | null {
  const ofRequest = 'kind' in data && data.kind === 'order' && 'requestId' in data ? data.requestId : null;
  const id = 'orderId' in data ? data.orderId : ofRequest;
  const order = id === null ? undefined : orders.orders[id];
  return id === null ? null : { id, status: order && isPending(order) ? 'pending' : 'none' };
}

function positionOf({ positions }: SessionBook, { data }: RecordedEvent): Seen<PositionId, 'open' | 'none'> | null {
  if (!('positionId' in data)) return null;
  const status = positions.positions[data.positionId]?.status === 'open' ? 'open' : 'none';
  return { id: data.positionId, status };
}

/** The account's own fold knows what concerns it: samples and sessions do not. */
function accountChange(before: Stamps, { created, updated }: AccountState): SessionChange | null {
  if (created !== before.created) return { of: 'account', what: 'added' };
  return updated === before.updated ? null : { of: 'account', what: 'updated' };
}

function positionChange(
  { type }: RecordedEvent,
  before: ReturnType<typeof positionOf>,
  after: typeof before,
): SessionChange | null {
  if (!before || !after) return null;
  const { id } = after;
  if (before.status !== after.status) {
    return { of: 'position', what: after.status === 'open' ? 'created' : 'closed', id };
  }
  const touched = type === 'PositionAmended' || type === 'PositionReduced' || type === 'PositionSwapCharged';
  return touched && after.status === 'open' ? { of: 'position', what: 'updated', id } : null;
}

function pendingChange(
  event: RecordedEvent,
  before: ReturnType<typeof pendingOf>,
  after: typeof before,
): SessionChange | null {
  if (!before || !after) return null;
  const { id } = after;
  if (after.status === 'pending' && before.status === 'none') return { of: 'pending', what: 'created', id };
  if (after.status === 'none') return before.status === 'none' ? null : { of: 'pending', what: endOf(event), id };
  const { type } = event;
  const touched = type === 'OrderWorking' || type === 'OrderAmended' || type === 'OrderFilled';
  return touched ? { of: 'pending', what: 'updated', id } : null;
}

function endOf({ type, data }: RecordedEvent): PendingChange {
  if (type === 'OrderFilled') return 'executed';
  return type === 'OrderCancelled' && data.reason === 'trigger-failed' ? 'failed' : 'canceled';
}
