import type { RecordedEvent } from '@core/contracts/event';
import type {
  AccountId,
  ContractTerms,
  Decimal,
  Instant,
  Instrument,
  OrderId,
  PositionId,
  RequestId,
  Side,
  Uuid,
} from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import { ignoring } from './ignoring.ts';

/** One fill, as a row of a table that its owner keeps. `id` is the event's: writing a row again changes nothing. */
export interface Execution {
  readonly id: Uuid;
  readonly accountId: AccountId;
  readonly positionId: PositionId;
  /** The order that opened the position, or the close request of ours; null where it was neither. */
  readonly orderId: OrderId | RequestId | null;
  readonly volumeLots: Decimal;
  readonly price: Decimal;
  readonly at: Instant;
  readonly isClose: boolean;
  /** Account currency, gross; null for an opening. */
  readonly profit: Decimal | null;
  /** Account currency; costs are negative. Brokers tell a position's total, so it stands with the opening. */
  readonly commission: Decimal | null;
}

/** What only the opening of a position says about all its executions. */
export interface Opening {
  readonly instrument: Instrument;
  readonly contract: ContractTerms;
  /** The position's side; a closing execution is on the opposite one. */
  readonly side: Side;
}

/**
 * A row to insert. A closing names no instrument: it takes `Opening` from the position's opening row, and is left out
 * where there is none.
 */
export type ExecutionChange =
  | { readonly change: 'opened'; readonly row: Execution & Opening }
  | { readonly change: 'closed'; readonly row: Execution };

const ignored = ignoring(
  'AccountRegistered',
  'AccountSessionOpened',
  'AccountSessionLost',
  'AccountUpdated',
  'BalanceChanged',
  'EquityMarked',
  'AccountReconciled',
  'OrderRequested',
  'OrderDispatched',
  'OrderAccepted',
  'OrderRejected',
  'OrderOutcomeUnknown',
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
  'OrderWorking',
  'OrderAmended',
  'OrderFilled',
  'OrderCancelled',
  'OrderExpired',
  'PositionAmended',
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
  'OrderResolvedByOperator',
  'MessageQuarantined',
  'MessageReleased',
  'MessageSkipped',
);

/** What an event adds to the executions; null for the many that add none. */
export function executionChange(event: RecordedEvent): ExecutionChange | null {
  if (ignored(event)) return null;
  switch (event.type) {
    case 'PositionOpened': {
      const { positionId, orderId, volumeLots, price, openedAt, commission, instrument, contract, side } = event.data;
      const fill = { positionId, orderId, volumeLots, price, at: openedAt, isClose: false, profit: null, commission };
      const row = { id: event.id, accountId: event.subject, ...fill, instrument, contract, side };
      return { change: 'opened', row };
    }
    case 'PositionReduced':
    case 'PositionClosed': {
      const { positionId, requestId: orderId, volumeLots, price, profit } = event.data;
      const at = event.type === 'PositionClosed' ? event.data.closedAt : event.time;
      const fill = { positionId, orderId, volumeLots, price, at, isClose: true, profit, commission: null };
      return { change: 'closed', row: { id: event.id, accountId: event.subject, ...fill } };
    }
    default:
      return unreachable(event);
  }
}
