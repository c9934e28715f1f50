import type { RecordedEvent } from '@core/contracts/event';
import { ACCOUNT_EVENTS, ignoring, UPKEEP_EVENTS, RESTRICTION_EVENTS, SIGNAL_EVENTS } from '@core/contracts/ignoring';
import type { OrderId, PositionId } from '@core/contracts/primitives';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { accountState, type AccountState } from '@core/projections/account';
import { forgetEnded } from '@core/projections/ended';
import type { OrderState } from '@core/projections/order-state';
import { accountOrders, type AccountOrders } from '@core/projections/orders';
import { accountPositions, type AccountPositions, type PositionState } from '@core/projections/positions';
import { stopOutStep, type StopOut } from './stop-out-order.ts';

/** One account as its sessions see it. */
export interface SessionBook {
  account: AccountState;
  orders: AccountOrders;
  positions: AccountPositions;
  /** How many messages the account's events have made so far: the number of the last one. */
  sequence: number;
  /** What is told with the last event, in order. */
  told: SessionChange[];
  /** Closed positions that are told once the money of those before them is; null is none. */
  stopOut: StopOut | null;
}

/**
 * Ended orders and positions that a book keeps of each. A session is told of one with its end; a broker that is late
 * with a fact about it is so by seconds. Books are saved, loaded and parsed whole, so the rest would cost every start.
 */
const ENDED_KEPT = 20;

/** What becomes of a position, and of a limit or stop order, as a session hears of it. */
export type PositionChange = 'created' | 'updated' | 'closed';
export type PendingChange = 'created' | 'updated' | 'canceled' | 'failed' | 'executed';

/** One message: what became of one thing. */
export type SessionChange =
  | { readonly of: 'account'; readonly what: 'added' | 'updated' }
  | { readonly of: 'position'; readonly what: PositionChange; readonly position: PositionState }
  | { readonly of: 'pending'; readonly what: PendingChange; readonly id: OrderId };

/** Everything a session is told of, in one fold: in the order of the log, but for `stop-out-order.ts`. */
export const sessionBook: Projection<SessionBook, RecordedEvent> = {
  name: 'ws-session',
  version: 8,

  initial: () => ({
    account: accountState.initial(),
    orders: accountOrders.initial(),
    positions: accountPositions.initial(),
    sequence: 0,
    told: [],
    stopOut: null,
  }),

  evolve(book, event) {
    const { created, updated, move } = book.account;
    const concern = concernOf(event);
    const stood = concern !== null && stands(book, concern);
    accountState.evolve(book.account, event);
    accountOrders.evolve(book.orders, event);
    accountPositions.evolve(book.positions, event);
    forgetOld(book, event);
    const change =
      accountChange({ created, updated, move }, book.account) ??
      (concern && changeOf(book, concern, { stood, stands: stands(book, concern) }, event));
    if (book.account.registration === null) return void (book.told = []);
    tell(book, event, change);
    book.sequence += book.told.length;
  },
};

function forgetOld({ orders, positions }: SessionBook, { recordedtime }: RecordedEvent): void {
  forgetEnded(orders.ended, orders.orders, recordedtime, ENDED_KEPT);
  forgetEnded(positions.ended, positions.positions, recordedtime, ENDED_KEPT);
}

function tell(book: SessionBook, event: RecordedEvent, change: SessionChange | null): void {
  const closing = change?.of === 'position' && change.what === 'closed' ? change.position : null;
  const { isHeld, before, after, next } = stopOutStep(book.stopOut, event, closing);
  book.told = [...before.map(closed), ...(change && !isHeld ? [change] : []), ...after.map(closed)];
  book.stopOut = next;
}

const closed = (position: PositionState): SessionChange => ({ of: 'position', what: 'closed', position });

/** Whether a limit or stop order stands at the broker: for a session it exists from then until it stands no more. */
export const isPending = ({ status, kind }: Pick<OrderState, 'status' | 'kind'>): boolean =>
  status === 'working' && kind !== 'market';

/** The account's own fold knows what concerns it: samples and sessions do not. */
function accountChange(
  before: Pick<AccountState, 'created' | 'updated'> & { readonly move: AccountState['move'] | undefined },
  { created, updated, move }: AccountState,
): SessionChange | null {
  const isBack = before.move?.phase === 'away' && move === undefined;
  if (created !== before.created || isBack) return { of: 'account', what: 'added' };
  return updated === before.updated ? null : { of: 'account', what: 'updated' };
}

/** The one position or order that an event is about. `updates`: it changes what is shown of it while it stands. */
interface Concern {
  readonly of: 'position' | 'pending';
  readonly id: PositionId | OrderId;
  readonly updates: boolean;
}

const concernsNone = ignoring(
  'AmendmentRequested',
  'CancellationRequested',
  'CloseRequested',
  'RequestDispatched',
  'RequestAccepted',
  'RequestOutcomeUnknown',
  ...ACCOUNT_EVENTS,
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
);

function concernOf(event: RecordedEvent): Concern | null {
  if (concernsNone(event)) return null;
  switch (event.type) {
    case 'PositionOpened':
    case 'PositionClosed':
      return { of: 'position', id: event.data.positionId, updates: false };
    case 'PositionAmended':
    case 'PositionReduced':
    case 'PositionSwapCharged':
      return { of: 'position', id: event.data.positionId, updates: true };
    case 'OrderRequested':
    case 'OrderCancelled':
    case 'OrderExpired':
      return { of: 'pending', id: event.data.orderId, updates: false };
    case 'OrderWorking':
    case 'OrderAmended':
    case 'OrderFilled':
      return { of: 'pending', id: event.data.orderId, updates: true };
    case 'RequestRejected':
    case 'RequestExpired':
    case 'RequestResolved':
      return event.data.kind === 'order' ? { of: 'pending', id: event.data.requestId, updates: false } : null;
    default:
      return unreachable(event);
  }
}

function stands({ orders, positions }: SessionBook, { of, id }: Concern): boolean {
  if (of === 'position') return positions.positions[id]?.status === 'open';
  const order = orders.orders[id];
  return order !== undefined && isPending(order);
}

function changeOf(
  { positions }: SessionBook,
  { of, id, updates }: Concern,
  { stood, stands }: { readonly stood: boolean; readonly stands: boolean },
  event: RecordedEvent,
): SessionChange | null {
  if (stood === stands && !(stands && updates)) return null;
  const what = stands ? (stood ? 'updated' : 'created') : null;
  if (of === 'pending') return { of, what: what ?? endOf(event), id };
  const position = positions.positions[id];
  return position ? { of, what: what ?? 'closed', position } : null;
}

function endOf({ type, data }: RecordedEvent): PendingChange {
  if (type === 'OrderFilled') return 'executed';
  return type === 'OrderCancelled' && data.reason === 'trigger-failed' ? 'failed' : 'canceled';
}
