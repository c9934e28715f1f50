import type { EventBody, Recorded, RecordedEvent } from '@core/contracts/event';
import type { Requester, RequestKind } from '@core/contracts/events/request';
import type { Instant, OrderId, PositionId, RequestId } from '@core/contracts/primitives';
import { requestOf, type RequestMention } from '@core/contracts/request-step';
import { toMs } from '@core/kernel/instant';
import { unreachable } from '@core/kernel/unreachable';
import { record, recordAndRefuse, refuse, type Circumstances, type CommandOf, type Decision } from './decision.ts';
import { noneRecent, remember, remembers, type Recent } from './recent.ts';
import { brakeOn, type Purpose } from './risk.ts';

/** A wish without an outcome. `unknown`: it was sent, and nobody could say yet what became of it. */
export interface OpenRequest {
  kind: RequestKind;
  status: 'requested' | 'dispatched' | 'unknown';
  purpose: Purpose;
  edge: Requester['edge'];
  /** The order or position it changes; null for a new order. */
  target: OrderId | PositionId | null;
  /** In the ledger's clock. */
  since: Instant;
}

/** The life of every request: asked for, claimed once, settled once. */
export interface Requests {
  open: Record<RequestId, OpenRequest>;
  /** The unsettled cancellation of an order, the unsettled close of a position: one at a time. */
  withdrawals: Record<OrderId | PositionId, RequestId>;
  /** The last unsettled amendment of an order or a position. */
  amendments: Record<OrderId | PositionId, RequestId>;
  /** Late words about a settled request change nothing, and say so. */
  settled: Recent;
}

/** How many settled requests an account remembers. */
export const SETTLED_MAX = 128;

export const noRequests = (): Requests => ({ open: {}, withdrawals: {}, amendments: {}, settled: noneRecent() });

/** Whether there is or was a request of this id: then a command of this id is a repetition. */
export const isKnown = ({ open, settled }: Requests, id: RequestId): boolean =>
  open[id] !== undefined || remembers(settled, id);

/** A close or cancellation of this target whose outcome is open, be it unknown: a second one could do it twice. */
export const isBeingWithdrawn = ({ withdrawals }: Requests, target: OrderId | PositionId): boolean =>
  withdrawals[target] !== undefined;

/** An amendment of this target is unsettled: what the target is like now is not certain. */
export const isBeingAmended = ({ amendments }: Requests, target: OrderId | PositionId): boolean =>
  amendments[target] !== undefined;

/**
 * Something is under way to the broker for this target. An unknown outcome does not count:
 * an amendment says the whole target, so the last one wins, and stop losses must not wait for an operator.
 */
export const isInFlight = ({ open, withdrawals, amendments }: Requests, target: OrderId | PositionId): boolean =>
  [withdrawals[target], amendments[target]].some((id) => id !== undefined && open[id]?.status !== 'unknown');

/**
 * The connector's claim, granted once. The first byte goes to the broker after it, and never without it.
 * What may no longer be sent ends here: it expires and the claim is refused, both in one decision.
 */
export function dispatchRequest(
  requests: Requests,
  { data }: CommandOf<'DispatchRequest'>,
  at: Circumstances,
): Decision {
  const request = requests.open[data.requestId];
  if (request?.kind !== data.kind) return refuse(request ? 'unknown-request' : missing(requests, data.requestId));
  if (request.status !== 'requested') return refuse('already-dispatched');

  const brake = brakeOn(request.purpose, request.edge, at.restrictions);
  if (brake) return recordAndRefuse(brake, notSent(data.kind, data.requestId, brake));
  if (toMs(at.now) - toMs(request.since) > at.limits.requestMaxAgeMs) {
    return recordAndRefuse('too-old', notSent(data.kind, data.requestId, 'too-old'));
  }
  return record(dispatched(data.kind, data.requestId, data.connector));
}

/** An operator looked at the broker. Only what is unknown can be settled by hand: the rest settles itself. */
export function resolveRequest(requests: Requests, { data }: CommandOf<'ResolveRequest'>): Decision {
  const request = requests.open[data.requestId];
  if (request?.kind !== data.kind) return refuse(request ? 'unknown-request' : missing(requests, data.requestId));
  if (request.status !== 'unknown') return refuse('outcome-not-unknown');
  return record({ type: 'OrderResolvedByOperator', data });
}

const missing = ({ settled }: Requests, id: RequestId): 'already-settled' | 'unknown-request' =>
  remembers(settled, id) ? 'already-settled' : 'unknown-request';

export function evolveRequests(requests: Requests, event: RecordedEvent): void {
  switch (event.type) {
    case 'OrderRequested':
      open(requests, event, { id: event.data.orderId, kind: 'order', purpose: 'expose', target: null });
      return;
    case 'AmendmentRequested': {
      const { requestId, terms } = event.data;
      const [purpose, target] =
        terms.target === 'order' ? (['expose', terms.orderId] as const) : (['protect', terms.positionId] as const);
      requests.amendments[target] = requestId;
      open(requests, event, { id: requestId, kind: 'amendment', purpose, target });
      return;
    }
    case 'CancellationRequested': {
      const { requestId, orderId } = event.data;
      requests.withdrawals[orderId] = requestId;
      open(requests, event, { id: requestId, kind: 'cancellation', purpose: 'withdraw', target: orderId });
      return;
    }
    case 'CloseRequested': {
      const { requestId, positionId } = event.data;
      requests.withdrawals[positionId] = requestId;
      open(requests, event, { id: requestId, kind: 'close', purpose: 'reduce', target: positionId });
      return;
    }
    // A fact about an order itself says that its request arrived, even where no answer ever said so.
    case 'OrderWorking':
    case 'OrderFilled':
    case 'OrderCancelled':
      settle(requests, event.data.orderId);
      return;
    default: {
      const mention = requestOf(event);
      if (mention) advance(requests, mention);
    }
  }
}

/** A broker's answers may be late, repeated or about requests long forgotten; our own claims may not. */
function advance(requests: Requests, { requestId, step }: RequestMention): void {
  const request = requests.open[requestId];
  switch (step) {
    case 'requested':
      throw new Error(`${requestId}: a kind of request that nobody opens`);
    case 'dispatched':
      if (request?.status !== 'requested')
        throw new Error(`${requestId} was dispatched while ${request?.status ?? 'not open'}`);
      request.status = 'dispatched';
      return;
    case 'unknown':
      if (request) request.status = 'unknown';
      return;
    case 'accepted':
    case 'rejected':
    case 'expired':
    case 'resolved':
      settle(requests, requestId);
      return;
    default:
      unreachable(step);
  }
}

function open(
  requests: Requests,
  event: Recorded<'OrderRequested' | 'AmendmentRequested' | 'CancellationRequested' | 'CloseRequested'>,
  { id, kind, purpose, target }: Pick<OpenRequest, 'kind' | 'purpose' | 'target'> & { id: RequestId },
): void {
  const { edge } = event.data.requester;
  requests.open[id] = { kind, status: 'requested', purpose, edge, target, since: event.recordedtime };
}

function settle(requests: Requests, id: RequestId): void {
  const request = requests.open[id];
  if (!request) return;
  delete requests.open[id];
  remember(requests.settled, id, SETTLED_MAX);
  if (request.target === null) return;
  const { withdrawals, amendments } = requests;
  if (withdrawals[request.target] === id) delete withdrawals[request.target];
  if (amendments[request.target] === id) delete amendments[request.target];
}

function dispatched(kind: RequestKind, requestId: RequestId, connector: string): EventBody {
  switch (kind) {
    case 'order':
      return { type: 'OrderDispatched', data: { orderId: requestId, connector } };
    case 'amendment':
      return { type: 'AmendmentDispatched', data: { requestId, connector } };
    case 'cancellation':
      return { type: 'CancellationDispatched', data: { requestId, connector } };
    case 'close':
      return { type: 'CloseDispatched', data: { requestId, connector } };
    default:
      return unreachable(kind);
  }
}

/** The end of a request whose first byte never left. `evidence` says why. */
export function notSent(kind: RequestKind, requestId: RequestId, evidence: string): EventBody {
  const expiry = { reason: 'not-sent', evidence } as const;
  switch (kind) {
    case 'order':
      return { type: 'OrderExpired', data: { orderId: requestId, ...expiry, inferred: false } };
    case 'amendment':
      return { type: 'AmendmentExpired', data: { requestId, ...expiry } };
    case 'cancellation':
      return { type: 'CancellationExpired', data: { requestId, ...expiry } };
    case 'close':
      return { type: 'CloseExpired', data: { requestId, ...expiry } };
    default:
      return unreachable(kind);
  }
}
