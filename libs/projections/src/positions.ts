import type { Recorded, RecordedEvent } from '@core/contracts/event';
import type { CloseReason } from '@core/contracts/events/position';
import type { SignalOrigin } from '@core/contracts/events/request';
import { ACCOUNT_EVENTS, ignoring, UPKEEP_EVENTS, RESTRICTION_EVENTS, SIGNAL_EVENTS } from '@core/contracts/ignoring';
import type {
  ContractTerms,
  Decimal,
  Instant,
  Instrument,
  OrderId,
  PositionId,
  RequestId,
  Side,
} from '@core/contracts/primitives';
import { add, subtract, sum, ZERO } from '@core/kernel/decimal';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { answered, asked, type RequestedChange, type Changeable } from './changes.ts';
import { end, forgetEnded, type Endable, type Ended } from './ended.ts';
import { momentOf, type Moment } from './moment.ts';

export interface AccountPositions {
  /** Open positions, and closed ones for a day (see `ended.ts`), in order of opening. */
  positions: Record<PositionId, PositionState>;
  ended: Ended[];
  /** Where positions come from: the beginnings of orders that may still fill. */
  origins: Record<OrderId, { created: Moment; lotsLeft: Decimal }>;
  /** Closes and amendments on their way, by request. */
  requests: Record<RequestId, RequestedChange<'close' | 'amendment'>>;
}

/** Money is in account currency as the broker adds it: costs are negative; profit is gross, without swap and commission. */
export interface PositionState extends Endable, Changeable {
  id: PositionId;
  status: 'open' | 'closed';
  brokerPosition: string;
  instrument: Instrument;
  contract: ContractTerms;
  side: Side;
  /** What it was opened with. */
  openedLots: Decimal;
  /** What is left of it: zero once closed. */
  volumeLots: Decimal;
  openPrice: Decimal;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  trailingPoints: number | null;
  /** Costs of what is open; of all deals once it is closed. */
  commission: Decimal;
  /** The single charges are in `swaps`. */
  swap: Decimal;
  swaps: { delta: Decimal; at: Instant }[];
  /** Gross profit of the closing deals so far. */
  realizedProfit: Decimal;
  deals: ClosingDeal[];
  /** The order it came from; null where the broker opened it without one we know. */
  orderId: OrderId | null;
  signal: SignalOrigin | null;
  comment: string | null;
  /** Its last fact was concluded by reconciliation, not seen happening. */
  inferred: boolean;
  /** The deal that closed it; null while it is open. */
  close: ClosingDeal | null;
  openedAt: Instant;
  closedAt: Instant | null;
  /** When its order appeared; the same as `opened` where there was none. */
  created: Moment;
  opened: Moment;
  closed: Moment | null;
}

interface ClosingDeal {
  /** The broker's number of the deal. */
  deal: string;
  volumeLots: Decimal;
  price: Decimal;
  profit: Decimal;
  swap: Decimal;
  commission: Decimal;
  reason: CloseReason;
  /** The close request of ours that led to it, where one did. */
  requestId: RequestId | null;
  at: Instant;
}

const ignored = ignoring(
  'OrderAmended',
  'OrderFilled',
  'CancellationRequested',
  'RequestDispatched',
  'RequestOutcomeUnknown',
  ...ACCOUNT_EVENTS,
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
);

/**
 * The positions of an account. Read by tv-gateway, ws-session, proquant-webhook and the operator.
 * Facts about a position that never appeared, or is closed already, change nothing: reconciliation brings what is missing.
 */
export const accountPositions: Projection<AccountPositions, RecordedEvent> = {
  name: 'positions',
  version: 4,

  initial: () => ({ positions: {}, ended: [], origins: {}, requests: {} }),

  evolve(state, event) {
    forgetEnded(state.ended, state.positions, event.recordedtime);
    if (ignored(event)) return;

    switch (event.type) {
      case 'OrderRequested':
      case 'OrderWorking': {
        const { orderId, volumeLots } = event.data;
        state.origins[orderId] ??= { created: momentOf(event), lotsLeft: volumeLots };
        return;
      }
      case 'OrderCancelled':
      case 'OrderExpired':
        delete state.origins[event.data.orderId];
        return;
      case 'PositionOpened':
        return opened(state, event);
      case 'PositionAmended': {
        const { positionId, ...protection } = event.data;
        const position = open(state, positionId);
        if (position) Object.assign(position, protection, { updated: momentOf(event) });
        return;
      }
      case 'PositionSwapCharged': {
        const position = open(state, event.data.positionId);
        if (!position) return;
        position.swap = event.data.swap;
        position.swaps.push({ delta: event.data.delta, at: event.time });
        position.updated = momentOf(event);
        return;
      }
      case 'PositionReduced': {
        const position = open(state, event.data.positionId);
        if (!position) return;
        deal(position, event, event.time);
        position.volumeLots = event.data.remainingLots;
        position.brokerPosition = event.data.brokerPosition;
        position.swap = event.data.remainingSwap;
        position.commission = event.data.remainingCommission;
        return;
      }
      case 'PositionClosed':
        return closed(state, event);
      case 'CloseRequested':
        asked(changes(state), event.data.requestId, { kind: 'close', id: event.data.positionId }, event);
        return;
      case 'AmendmentRequested':
        if (event.data.terms.target === 'order') return;
        asked(changes(state), event.data.requestId, { kind: 'amendment', id: event.data.terms.positionId }, event);
        return;
      case 'RequestRejected':
      case 'RequestExpired':
        delete state.origins[event.data.requestId];
        answered(changes(state), event);
        return;
      case 'RequestAccepted':
      case 'RequestResolved':
        answered(changes(state), event);
        return;
      default:
        return unreachable(event);
    }
  },
};

const changes = ({ positions, requests }: AccountPositions) => ({ things: positions, requests });

function open(state: AccountPositions, id: PositionId): PositionState | undefined {
  const position = state.positions[id];
  return position?.status === 'open' ? position : undefined;
}

function opened(state: AccountPositions, event: Recorded<'PositionOpened'>): void {
  const { positionId, volumeLots, swap } = event.data;
  if (state.positions[positionId]) return;
  const moment = momentOf(event);
  state.positions[positionId] = {
    id: positionId,
    status: 'open',
    brokerPosition: event.data.brokerPosition,
    instrument: event.data.instrument,
    contract: event.data.contract,
    side: event.data.side,
    openedLots: volumeLots,
    volumeLots,
    openPrice: event.data.price,
    stopLoss: event.data.stopLoss,
    takeProfit: event.data.takeProfit,
    trailingPoints: event.data.trailingPoints,
    commission: event.data.commission,
    swap,
    swaps: swap === ZERO ? [] : [{ delta: swap, at: event.time }],
    realizedProfit: ZERO,
    deals: [],
    orderId: event.data.orderId,
    signal: event.data.signal,
    comment: event.data.comment,
    inferred: event.data.inferred,
    close: null,
    rejection: null,
    openRequests: [],
    openedAt: event.data.openedAt,
    closedAt: null,
    created: originOf(state, event) ?? moment,
    opened: moment,
    updated: moment,
    closed: null,
    keptUntil: null,
  };
}

/** An origin is needed until its order has filled as a whole: one order may become several positions. */
function originOf(state: AccountPositions, { data }: Recorded<'PositionOpened'>): Moment | null {
  const origin = data.orderId === null ? undefined : state.origins[data.orderId];
  if (data.orderId === null || !origin) return null;
  origin.lotsLeft = origin.lotsLeft === data.volumeLots ? ZERO : subtract(origin.lotsLeft, data.volumeLots);
  if (origin.lotsLeft === ZERO || origin.lotsLeft.startsWith('-')) delete state.origins[data.orderId];
  return origin.created;
}

function deal(
  position: PositionState,
  event: Recorded<'PositionReduced'> | Recorded<'PositionClosed'>,
  at: Instant,
): ClosingDeal {
  const { deal: number, volumeLots, price, profit, swap, commission, reason, requestId, inferred } = event.data;
  const made: ClosingDeal = { deal: number, volumeLots, price, profit, swap, commission, reason, requestId, at };
  position.deals.push(made);
  position.realizedProfit = position.deals.length === 1 ? profit : add(position.realizedProfit, profit);
  position.inferred = inferred;
  position.updated = momentOf(event);
  return made;
}

function closed(state: AccountPositions, event: Recorded<'PositionClosed'>): void {
  const position = open(state, event.data.positionId);
  if (!position) return;
  position.close = deal(position, event, event.data.closedAt);
  position.status = 'closed';
  position.volumeLots = ZERO;
  position.swap = sum(position.deals.map(({ swap }) => swap));
  position.commission = sum(position.deals.map(({ commission }) => commission));
  position.closedAt = event.data.closedAt;
  position.closed = position.updated;
  // Whatever was asked of it is over with it; an answer that still comes changes nothing.
  for (const requestId of position.openRequests) delete state.requests[requestId];
  position.openRequests = [];
  end(state.ended, position.id, position, event.recordedtime);
}
