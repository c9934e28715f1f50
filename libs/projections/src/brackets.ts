import type { Recorded, RecordedEvent } from '@core/contracts/event';
import {
  opposite,
  type ContractTerms,
  type Decimal,
  type Instrument,
  type OrderId,
  type PositionId,
  type Side,
} from '@core/contracts/primitives';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { end, forgetEnded, type Endable, type Ended } from './ended.ts';
import { ignoring } from './ignoring.ts';
import { momentOf, type Moment } from './moment.ts';

/**
 * A stop loss or take profit shown as an order of its own, as charting clients want it.
 * `inactive`: its order has not filled yet. `working`: it guards a position. Final: `filled`, `cancelled`.
 */
export interface BracketState extends Endable {
  /**
   * Stable for its whole life, also when it passes from the order to the position that came of it.
   * One that was removed stays cancelled; the next one of the same parent has another id.
   */
  id: BracketId;
  kind: BracketKind;
  status: 'inactive' | 'working' | 'filled' | 'cancelled';
  parent: { kind: 'order'; id: OrderId } | { kind: 'position'; id: PositionId };
  instrument: Instrument;
  contract: ContractTerms;
  /** The side it trades when hit: opposite to its parent's. */
  side: Side;
  /** What it would close: follows the parent, also when that is reduced. */
  volumeLots: Decimal;
  /** The price it is set to; a stop loss may trail, then the broker moves it. */
  price: Decimal;
  trailingPoints: number | null;
  /** The price it was executed at; null unless filled. */
  filledPrice: Decimal | null;
  created: Moment;
  updated: Moment;
  finished: Moment | null;
}

export type BracketKind = 'stopLoss' | 'takeProfit';
export type BracketId = string;

export interface AccountBrackets {
  /** Living brackets, and ended ones for a day (see `ended.ts`). */
  brackets: Record<BracketId, BracketState>;
  ended: Ended[];
  /** Living orders and positions, with or without brackets, by their id. */
  parents: Record<OrderId | PositionId, Parent>;
}

export interface Parent {
  kind: 'order' | 'position';
  instrument: Instrument;
  contract: ContractTerms;
  side: Side;
  volumeLots: Decimal;
  stopLoss: BracketId | null;
  takeProfit: BracketId | null;
  /** Brackets it has had so far: numbers the next one's id. */
  made: number;
}

const ignored = ignoring(
  'AccountRegistered',
  'AccountSessionOpened',
  'AccountSessionLost',
  'AccountUpdated',
  'BalanceChanged',
  'EquityMarked',
  'AccountReconciled',
  'OrderDispatched',
  'OrderAccepted',
  'OrderOutcomeUnknown',
  'OrderFilled',
  'AmendmentRequested',
  'AmendmentDispatched',
  'AmendmentAccepted',
  'AmendmentRejected',
  'AmendmentOutcomeUnknown',
  'AmendmentExpired',
  'CancellationRequested',
  'CancellationDispatched',
  'CancellationAccepted',
  'CancellationRejected',
  'CancellationOutcomeUnknown',
  'CancellationExpired',
  'CloseRequested',
  'CloseDispatched',
  'CloseAccepted',
  'CloseRejected',
  'CloseOutcomeUnknown',
  'CloseExpired',
  'PositionSwapCharged',
  'IntegrationApproved',
  'IntegrationRejected',
  'IntegrationDeleted',
  'StrategyEnabled',
  'StrategyDisabled',
  'SignalReceived',
  'SignalExecuted',
  'SignalRefused',
  'SignalOutcomeUnknown',
  'TradingHalted',
  'TradingResumed',
  'CloseOnlySet',
  'MessageQuarantined',
  'MessageReleased',
  'MessageSkipped',
);

/**
 * Protective prices as orders: two of them cannot both execute, so when one fills the other is cancelled.
 * Read by tv-gateway beside `orders`.
 */
export const accountBrackets: Projection<AccountBrackets, RecordedEvent> = {
  name: 'brackets',
  version: 1,

  initial: () => ({ brackets: {}, ended: [], parents: {} }),

  evolve(state, event) {
    forgetEnded(state.ended, state.brackets, event.recordedtime);
    if (ignored(event)) return state;

    switch (event.type) {
      case 'OrderRequested':
      case 'OrderWorking': {
        const { orderId, volumeLots } = event.data;
        const parent = (state.parents[orderId] ??= parentOf('order', event.data));
        parent.volumeLots = volumeLots;
        return protect(state, orderId, parent, event.data, event);
      }
      case 'OrderAmended': {
        const parent = state.parents[event.data.orderId];
        return parent ? protect(state, event.data.orderId, parent, event.data, event) : state;
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired':
        return dissolve(state, event.data.orderId, event);
      case 'OrderResolvedByOperator':
        return event.data.executed ? state : dissolve(state, event.data.requestId, event);
      case 'PositionOpened':
        return opened(state, event);
      case 'PositionAmended': {
        const { positionId, trailingPoints } = event.data;
        const parent = state.parents[positionId];
        return parent ? protect(state, positionId, parent, event.data, event, trailingPoints) : state;
      }
      case 'PositionReduced': {
        const parent = state.parents[event.data.positionId];
        if (!parent) return state;
        parent.volumeLots = event.data.remainingLots;
        for (const bracket of bracketsOf(state, parent)) {
          bracket.volumeLots = parent.volumeLots;
          bracket.updated = momentOf(event);
        }
        return state;
      }
      case 'PositionClosed':
        return closed(state, event);
      default:
        return unreachable(event);
    }
  },
};

type Terms = Pick<Parent, 'instrument' | 'contract' | 'side' | 'volumeLots'>;
type Protection = Readonly<Record<BracketKind, Decimal | null>>;

const kinds: readonly BracketKind[] = ['stopLoss', 'takeProfit'];

const parentOf = (kind: Parent['kind'], { instrument, contract, side, volumeLots }: Terms): Parent => ({
  kind,
  instrument,
  contract,
  side,
  volumeLots,
  stopLoss: null,
  takeProfit: null,
  made: 0,
});

function bracketsOf(state: AccountBrackets, parent: Parent): BracketState[] {
  return kinds.flatMap((kind) => state.brackets[parent[kind] ?? ''] ?? []);
}

/** Makes the brackets of a parent what `prices` says: sets, moves or removes each. */
function protect(
  state: AccountBrackets,
  parentId: string,
  parent: Parent,
  prices: Protection,
  event: RecordedEvent,
  trailingPoints: number | null = null,
): AccountBrackets {
  for (const kind of kinds) {
    const price = prices[kind];
    const trailing = kind === 'stopLoss' ? trailingPoints : null;
    const standing = state.brackets[parent[kind] ?? ''];
    if (standing && price === null) {
      finish(state, standing, 'cancelled', event);
      parent[kind] = null;
    } else if (standing && price !== null) {
      if (standing.price === price && standing.trailingPoints === trailing) continue;
      standing.price = price;
      standing.trailingPoints = trailing;
      standing.updated = momentOf(event);
    } else if (price !== null) {
      parent[kind] = set(state, parentId, parent, kind, price, trailing, event);
    }
  }
  return state;
}

function set(
  state: AccountBrackets,
  parentId: string,
  parent: Parent,
  kind: BracketKind,
  price: Decimal,
  trailingPoints: number | null,
  event: RecordedEvent,
): BracketId {
  parent.made += 1;
  const id = `${parentId}-${kind === 'stopLoss' ? 'sl' : 'tp'}${parent.made}`;
  const created = momentOf(event);
  state.brackets[id] = {
    id,
    kind,
    status: parent.kind === 'order' ? 'inactive' : 'working',
    parent: { kind: parent.kind, id: parentId },
    instrument: parent.instrument,
    contract: parent.contract,
    side: opposite(parent.side),
    volumeLots: parent.volumeLots,
    price,
    trailingPoints,
    filledPrice: null,
    created,
    updated: created,
    finished: null,
    keptUntil: null,
  };
  return id;
}

/** The first position of an order takes over the order's brackets; further ones get their own. */
function opened(state: AccountBrackets, event: Recorded<'PositionOpened'>): AccountBrackets {
  const { positionId, orderId } = event.data;
  if (state.parents[positionId]) return state;
  const parent = (state.parents[positionId] = parentOf('position', event.data));
  const order = orderId === null ? undefined : state.parents[orderId];
  if (orderId !== null && order) {
    delete state.parents[orderId];
    for (const bracket of bracketsOf(state, order)) {
      bracket.status = 'working';
      bracket.parent = { kind: 'position', id: positionId };
      bracket.volumeLots = parent.volumeLots;
      bracket.updated = momentOf(event);
      parent[bracket.kind] = bracket.id;
    }
  }
  return protect(state, positionId, parent, event.data, event);
}

function closed(state: AccountBrackets, event: Recorded<'PositionClosed'>): AccountBrackets {
  const { positionId, reason, price } = event.data;
  const hit = reason === 'stop-loss' ? 'stopLoss' : reason === 'take-profit' ? 'takeProfit' : null;
  const bracket = hit && state.brackets[state.parents[positionId]?.[hit] ?? ''];
  if (bracket) {
    bracket.filledPrice = price;
    finish(state, bracket, 'filled', event);
  }
  return dissolve(state, positionId, event);
}

/** Its parent is gone: what still stands is cancelled. */
function dissolve(state: AccountBrackets, parentId: string, event: RecordedEvent): AccountBrackets {
  const parent = state.parents[parentId];
  if (!parent) return state;
  delete state.parents[parentId];
  for (const bracket of bracketsOf(state, parent)) {
    if (bracket.finished === null) finish(state, bracket, 'cancelled', event);
  }
  return state;
}

function finish(
  state: AccountBrackets,
  bracket: BracketState,
  status: 'filled' | 'cancelled',
  event: RecordedEvent,
): void {
  bracket.status = status;
  bracket.finished = bracket.updated = momentOf(event);
  end(state.ended, bracket.id, bracket, event.recordedtime);
}
