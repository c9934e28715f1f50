import type { Recorded, RecordedEvent } from '@core/contracts/event';
import type { AmendmentTerms, Requester, SignalOrigin } from '@core/contracts/events/request';
import { ACCOUNT_EVENTS, ignoring, UPKEEP_EVENTS, RESTRICTION_EVENTS, SIGNAL_EVENTS } from '@core/contracts/ignoring';
import type { Decimal, Instrument, OrderId, OrderKind, PositionId, RequestId, Side } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { momentOf, type Moment } from './moment.ts';

/** Wishes without an outcome, by id. An outcome, whichever it is, takes them out. */
export type OpenRequests = Record<RequestId, OpenRequest>;

export interface OpenRequest {
  id: RequestId;
  wish: OpenWish;
  /** `unknown`: sent, and nobody could say yet what became of it; operators look at these. */
  status: 'requested' | 'dispatched' | 'unknown';
  requester: Requester;
  signal: SignalOrigin | null;
  /** Who sent it; null before it was dispatched. */
  connector: string | null;
  /** Why its outcome is unknown; null unless it is. */
  cause: Recorded<'RequestOutcomeUnknown'>['data']['cause'] | null;
  requested: Moment;
  dispatched: Moment | null;
  doubted: Moment | null;
}

type OpenWish =
  | {
      kind: 'order';
      instrument: Instrument;
      side: Side;
      orderKind: OrderKind;
      volumeLots: Decimal;
      price: Decimal | null;
    }
  | { kind: 'amendment'; terms: AmendmentTerms }
  | { kind: 'cancellation'; orderId: OrderId }
  | { kind: 'close'; positionId: PositionId; volumeLots: Decimal };

/** What one request concerns: its order, or its position. */
export function targetOf({ id, wish }: OpenRequest): { kind: 'order' | 'position'; id: OrderId | PositionId } {
  switch (wish.kind) {
    case 'order':
      return { kind: 'order', id };
    case 'cancellation':
      return { kind: 'order', id: wish.orderId };
    case 'close':
      return { kind: 'position', id: wish.positionId };
    case 'amendment':
      return wish.terms.target === 'order'
        ? { kind: 'order', id: wish.terms.orderId }
        : { kind: 'position', id: wish.terms.positionId };
    default:
      return unreachable(wish);
  }
}

/** What changes no request: neither what was asked nor what became of it. */
export const changesNoRequest = ignoring(
  'OrderAmended',
  'PositionOpened',
  'PositionAmended',
  'PositionSwapCharged',
  ...ACCOUNT_EVENTS,
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
);

/** What an account wants from its broker and does not have yet. Read by the edges and by operators. */
export const openRequests: Projection<OpenRequests, RecordedEvent> = {
  name: 'requests',
  version: 1,

  initial: () => ({}),

  evolve(state, event) {
    if (changesNoRequest(event)) return;

    switch (event.type) {
      case 'OrderRequested': {
        const { orderId, instrument, side, kind: orderKind, volumeLots, price, requester, signal } = event.data;
        const wish: OpenWish = { kind: 'order', instrument, side, orderKind, volumeLots, price };
        return requested(state, event, { id: orderId, wish, requester, signal });
      }
      case 'AmendmentRequested': {
        const { requestId, terms, requester } = event.data;
        return requested(state, event, { id: requestId, wish: { kind: 'amendment', terms }, requester, signal: null });
      }
      case 'CancellationRequested': {
        const { requestId, orderId, requester } = event.data;
        const wish: OpenWish = { kind: 'cancellation', orderId };
        return requested(state, event, { id: requestId, wish, requester, signal: null });
      }
      case 'CloseRequested': {
        const { requestId, positionId, volumeLots, requester, signal } = event.data;
        const wish: OpenWish = { kind: 'close', positionId, volumeLots };
        return requested(state, event, { id: requestId, wish, requester, signal });
      }

      case 'RequestDispatched': {
        // The ledger grants a claim only for what was requested and is not settled.
        const { requestId, connector } = event.data;
        const request = present(state[requestId], `${requestId} was dispatched without an open request`);
        request.status = 'dispatched';
        request.connector = connector;
        request.dispatched = momentOf(event);
        return;
      }
      case 'RequestOutcomeUnknown': {
        const { requestId, cause } = event.data;
        const request = state[requestId];
        if (!request) return;
        request.status = 'unknown';
        request.cause = cause;
        request.doubted = momentOf(event);
        return;
      }
      case 'RequestAccepted':
      case 'RequestRejected':
      case 'RequestExpired':
      case 'RequestResolved':
        delete state[event.data.requestId];
        return;

      // A fact that names the request says that it arrived, even where no answer ever said so.
      case 'OrderWorking':
      case 'OrderFilled':
      case 'OrderCancelled':
      case 'OrderExpired':
        delete state[event.data.orderId];
        return;
      case 'PositionReduced':
      case 'PositionClosed':
        if (event.data.requestId !== null) delete state[event.data.requestId];
        return;
      default:
        return unreachable(event);
    }
  },
};

function requested(
  state: OpenRequests,
  event: RecordedEvent,
  { id, wish, requester, signal }: Pick<OpenRequest, 'id' | 'wish' | 'requester' | 'signal'>,
): void {
  state[id] = {
    id,
    wish,
    requester,
    signal,
    status: 'requested',
    connector: null,
    cause: null,
    requested: momentOf(event),
    dispatched: null,
    doubted: null,
  };
}
