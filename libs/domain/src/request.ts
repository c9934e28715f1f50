import type { EventBody, Recorded } from '@core/contracts/event';
import { isOperator, type AmendmentTerms, type NotSentCause, type RequestKind } from '@core/contracts/events/request';
import type { RefusalReason } from '@core/contracts/refusal';
import { isWorseThan } from '@core/contracts/market/slippage';
import type { Decimal, Instant, OrderId, PositionId, RequestId, Side, Uuid } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import {
  nothing,
  record,
  recordAndRefuse,
  refuse,
  type Circumstances,
  type Decide,
  type Decision,
} from './decision.ts';
import { noneRecent, remember, remembers, type Recent } from './recent.ts';
import { restrictionOn, type Purpose } from './risk.ts';

/** A wish without an outcome. `unknown`: it was sent, and nobody could say yet what became of it. */
export interface UnsettledRequest {
  kind: RequestKind;
  status: 'requested' | 'dispatched' | 'unknown';
  purpose: Purpose;
  byOperator: boolean;
  /** Of a market order: its side and the worst price it may meet; absent is any. */
  market: { side: Side; worstPrice?: Decimal } | null;
  /** Of an order that reverses a position: the close it waits for, and whether that came to nothing. */
  reverses: { closeId: RequestId; isFailed: boolean } | null;
  /** Of the close of a position that is reversed: the order that follows on it. */
  reversedBy: OrderId | null;
  /** Of an amendment: what its target is to be; of an order: what it is to be, in the same words. */
  terms: AmendmentTerms | null;
  /** The order or position it changes; null for a new order. */
  target: OrderId | PositionId | null;
  /** In the ledger's clock, as it was when it decided. */
  since: Instant;
  /** The event that asked for it: what its next steps are caused by. */
  askedBy: Uuid;
}

/** The life of every request: asked for, claimed once, settled once. */
export interface Requests {
  open: Record<RequestId, UnsettledRequest>;
  /** The unsettled cancellation of an order, the unsettled close of a position: one at a time. */
  withdrawals: Record<OrderId | PositionId, RequestId>;
  /** Late words about a settled request change nothing, and say so. */
  settled: Recent;
}

/** How many settled requests an account remembers. */
export const SETTLED_MAX = 128;

type Known = { readonly requests: Requests };

export const noRequests = (): Requests => ({ open: {}, withdrawals: {}, settled: noneRecent() });

/** Whether there is or was a request of this id: then a command of this id is a repetition. */
export const isKnownRequest = ({ open, settled }: Requests, id: RequestId): boolean =>
  open[id] !== undefined || remembers(settled, id);

/** A close or cancellation of this target whose outcome is open, be it unknown: a second one could do it twice. */
export const isBeingWithdrawn = ({ withdrawals }: Requests, target: OrderId | PositionId): boolean =>
  withdrawals[target] !== undefined;

/** What is under way to the broker to take this target away; an unknown outcome does not count. */
export const isWithdrawalInFlight = ({ open, withdrawals }: Requests, target: OrderId | PositionId): boolean => {
  const id = withdrawals[target];
  return id !== undefined && open[id]?.status !== 'unknown';
};

/** The unsettled amendments of this target, oldest first: at most one waits, and at most one is on its way. */
export const amendmentsOf = ({ open }: Requests, target: OrderId | PositionId): [RequestId, UnsettledRequest][] =>
  Object.entries(open).filter(([, request]) => request.kind === 'amendment' && request.target === target);

/**
 * The connector's claim, granted once. The first byte goes to the broker after it, and never without it.
 * What may no longer be sent ends here: it expires and the claim is refused, both in one decision.
 */
export const dispatchRequest: Decide<'DispatchRequest', Known> = ({ requests }, { data }, at) => {
  const request = requests.open[data.requestId];
  if (request?.kind !== data.kind) return refuse(request ? 'unknown-request' : missing(requests, data.requestId));
  if (request.status !== 'requested') return refuse('already-dispatched');

  const ended = (cause: NotSentCause, reason: RefusalReason): Decision =>
    recordAndRefuse(reason, notSent(data.kind, data.requestId, cause));
  const cause =
    restrictionOn(request.purpose, request.byOperator, at.restrictions) ??
    ageRefusal(request, at) ??
    (request.reverses?.isFailed ? 'not-closed' : null);
  if (cause) return ended(cause, cause);
  if (isTakenBack(requests, request)) return ended('cancelled', 'already-settled');
  if (isBehindAnother(requests, request)) return refuse('request-in-flight');
  const slippage = slippageRefusal(request, data.price);
  if (slippage) return ended(slippage, slippage);
  return record({ type: 'RequestDispatched', data });
};

/** Whether a claim would be granted still: what the broker did nothing about may go again, under the brakes of now. */
export const checkDispatch: Decide<'CheckDispatch', Known> = ({ requests }, { data }, { restrictions }) => {
  const request = requests.open[data.requestId];
  if (request?.kind !== data.kind) return refuse(request ? 'unknown-request' : missing(requests, data.requestId));
  if (request.status !== 'dispatched') return refuse('unknown-request');
  const cause = restrictionOn(request.purpose, request.byOperator, restrictions);
  return cause ? refuse(cause) : nothing;
};

/**
 * Amendments of one target go one after the other, for the broker may execute two in either order; an order that
 * reverses a position goes once its close is done.
 */
const isBehindAnother = (requests: Requests, { kind, target, reverses }: UnsettledRequest): boolean =>
  reverses
    ? requests.open[reverses.closeId] !== undefined
    : kind === 'amendment' &&
      target !== null &&
      amendmentsOf(requests, target).some(([, { status }]) => status === 'dispatched');

/** A close whose reversal its user took back: nothing is closed for nothing. */
const isTakenBack = ({ open }: Requests, { reversedBy }: UnsettledRequest): boolean =>
  reversedBy !== null && open[reversedBy] === undefined;

/** What is to happen at the market of now: a market order, and the close that one follows on. */
function ageRefusal(
  { askedBy, since, market, reversedBy }: UnsettledRequest,
  { ageMs, limits }: Circumstances,
): 'too-old' | null {
  const maxMs = market === null && reversedBy === null ? limits.requestMaxAgeMs : limits.marketOrderMaxAgeMs;
  return ageMs(askedBy, since) > maxMs ? 'too-old' : null;
}

/** A bound holds against a price that is known, or nobody knows what it is worth. */
function slippageRefusal(
  { market }: UnsettledRequest,
  price: Decimal | undefined,
): 'price-moved' | 'price-unknown' | null {
  if (market?.worstPrice === undefined) return null;
  if (price === undefined) return 'price-unknown';
  return isWorseThan(market.side, price, market.worstPrice) ? 'price-moved' : null;
}

/** An operator looked at the broker. Only what is unknown can be settled by hand: the rest settles itself. */
export const resolveRequest: Decide<'ResolveRequest', Known> = ({ requests }, { data }) => {
  const request = requests.open[data.requestId];
  if (request?.kind !== data.kind) return refuse(request ? 'unknown-request' : missing(requests, data.requestId));
  if (request.status !== 'unknown') return refuse('outcome-not-unknown');
  return record({ type: 'RequestResolved', data });
};

const missing = ({ settled }: Requests, id: RequestId): 'already-settled' | 'unknown-request' =>
  remembers(settled, id) ? 'already-settled' : 'unknown-request';

export type RequestEvent = Recorded<
  | Requested
  | 'RequestDispatched'
  | 'RequestAccepted'
  | 'RequestRejected'
  | 'RequestOutcomeUnknown'
  | 'RequestExpired'
  | 'RequestResolved'
  | 'OrderWorking'
  | 'OrderFilled'
  | 'OrderCancelled'
  | 'OrderExpired'
>;

type Requested = 'OrderRequested' | 'AmendmentRequested' | 'CancellationRequested' | 'CloseRequested';

/** A broker's answers may be late, repeated or about requests long forgotten; our own claims may not. */
export function evolveRequests(requests: Requests, event: RequestEvent): void {
  switch (event.type) {
    case 'OrderRequested':
      open(requests, event, { id: event.data.orderId, kind: 'order', purpose: 'expose', target: null });
      return;
    case 'AmendmentRequested': {
      const { requestId, terms } = event.data;
      const [purpose, target] =
        terms.target === 'order' ? (['expose', terms.orderId] as const) : (['protect', terms.positionId] as const);
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

    case 'RequestDispatched': {
      const { requestId } = event.data;
      const request = requests.open[requestId];
      if (request?.status !== 'requested')
        throw new Error(`${requestId} was dispatched while ${request?.status ?? 'not open'}`);
      request.status = 'dispatched';
      return;
    }
    case 'RequestOutcomeUnknown': {
      const request = requests.open[event.data.requestId];
      if (request) request.status = 'unknown';
      return;
    }
    case 'RequestRejected':
    case 'RequestExpired':
      failReversal(requests, event.data.requestId);
      settle(requests, event.data.requestId);
      return;
    case 'RequestResolved':
      if (!event.data.executed) failReversal(requests, event.data.requestId);
      settle(requests, event.data.requestId);
      return;
    case 'RequestAccepted':
      settle(requests, event.data.requestId);
      return;

    // A fact about an order itself says that its request arrived, even where no answer ever said so.
    case 'OrderWorking':
    case 'OrderFilled':
    case 'OrderCancelled':
    case 'OrderExpired':
      settle(requests, event.data.orderId);
      return;
    default:
      unreachable(event);
  }
}

function open(
  requests: Requests,
  event: Recorded<Requested>,
  { id, kind, purpose, target }: Pick<UnsettledRequest, 'kind' | 'purpose' | 'target'> & { id: RequestId },
): void {
  const byOperator = isOperator(event.data.requester);
  const since = event.time;
  const wish = {
    kind,
    purpose,
    byOperator,
    target,
    terms: termsOf(event),
    market: marketOf(event),
    ...reversalOf(event),
  };
  requests.open[id] = { ...wish, status: 'requested', since, askedBy: event.id };
}

function termsOf({ type, data }: Recorded<Requested>): AmendmentTerms | null {
  if (type === 'AmendmentRequested') return data.terms;
  if (type !== 'OrderRequested' || data.price === null) return null;
  const { orderId, price, stopLoss, takeProfit, trailingPoints = null, expiresAt } = data;
  return { target: 'order', orderId, price, stopLoss, takeProfit, trailingPoints, expiresAt };
}

function marketOf({ type, data }: Recorded<Requested>): UnsettledRequest['market'] {
  if (type !== 'OrderRequested' || data.kind !== 'market') return null;
  const { side, worstPrice } = data;
  return { side, ...(worstPrice !== undefined && { worstPrice }) };
}

function reversalOf({ type, data }: Recorded<Requested>): Pick<UnsettledRequest, 'reverses' | 'reversedBy'> {
  const reverses =
    type === 'OrderRequested' && data.reverses ? { closeId: data.reverses.closeId, isFailed: false } : null;
  return { reverses, reversedBy: (type === 'CloseRequested' && data.reversedBy) || null };
}

/** A close came to nothing: so does the order that was to follow on it. */
function failReversal({ open }: Requests, closeId: RequestId): void {
  const reversedBy = open[closeId]?.reversedBy ?? null;
  const order = reversedBy === null ? undefined : open[reversedBy];
  if (order?.reverses) order.reverses.isFailed = true;
}

function settle(requests: Requests, id: RequestId): void {
  const request = requests.open[id];
  if (!request) return;
  delete requests.open[id];
  remember(requests.settled, id, SETTLED_MAX);
  if (request.target === null) return;
  const { withdrawals } = requests;
  if (withdrawals[request.target] === id) delete withdrawals[request.target];
}

/** The end of a request whose first byte never left. */
export const notSent = (kind: RequestKind, requestId: RequestId, cause: NotSentCause): EventBody<'RequestExpired'> => ({
  type: 'RequestExpired',
  data: { kind, requestId, reason: 'not-sent', evidence: null, cause },
});
