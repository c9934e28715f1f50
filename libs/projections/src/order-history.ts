import type { RecordedEvent } from '@core/contracts/event';
import type {
  AccountId,
  ContractTerms,
  Decimal,
  Instant,
  Instrument,
  OrderId,
  OrderKind,
  Side,
} from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import { ignoring } from './ignoring.ts';

/** An order as its terms stand, without what became of it. */
export interface PlacedOrder {
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly instrument: Instrument;
  readonly contract: ContractTerms;
  readonly side: Side;
  readonly kind: OrderKind;
  readonly volumeLots: Decimal;
  readonly price: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly expiresAt: Instant | null;
}

/**
 * What one event changes in a table of all orders an account ever had. Its owner keeps `filled lots` and `cost`
 * (sum of lots · price) per order: an order is filled once its lots are, and its average price is cost / lots.
 */
export type OrderHistoryChange =
  /** Insert, or set the terms of a known order: the broker may have changed them on the way. */
  | { readonly change: 'placed'; readonly order: PlacedOrder; readonly at: Instant }
  | {
      readonly change: 'amended';
      readonly orderId: OrderId;
      readonly terms: Pick<PlacedOrder, 'price' | 'stopLoss' | 'takeProfit' | 'expiresAt'>;
      readonly at: Instant;
    }
  /** Add to lots and cost. */
  | {
      readonly change: 'filled';
      readonly orderId: OrderId;
      readonly volumeLots: Decimal;
      readonly price: Decimal;
      readonly at: Instant;
    }
  /** Final unless the order is filled. `text` says why, for people. */
  | {
      readonly change: 'ended';
      readonly orderId: OrderId;
      readonly status: 'cancelled' | 'rejected' | 'expired';
      readonly text: string | null;
      readonly at: Instant;
    };

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
  'PositionOpened',
  'PositionAmended',
  'PositionReduced',
  'PositionSwapCharged',
  'PositionClosed',
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

/** What an event changes in the history of orders; null for the many that change nothing. */
export function orderHistoryChange(event: RecordedEvent): OrderHistoryChange | null {
  if (ignored(event)) return null;
  const at = event.time;
  switch (event.type) {
    case 'OrderRequested':
    case 'OrderWorking': {
      const { orderId, instrument, contract, side, kind, volumeLots, price } = event.data;
      const { stopLoss, takeProfit, expiresAt } = event.data;
      const terms = { instrument, contract, side, kind, volumeLots, price, stopLoss, takeProfit, expiresAt };
      return { change: 'placed', order: { orderId, accountId: event.subject, ...terms }, at };
    }
    case 'OrderAmended': {
      const { orderId, price, stopLoss, takeProfit, expiresAt } = event.data;
      return { change: 'amended', orderId, terms: { price, stopLoss, takeProfit, expiresAt }, at };
    }
    case 'OrderFilled': {
      const { orderId, volumeLots, price } = event.data;
      return { change: 'filled', orderId, volumeLots, price, at };
    }
    case 'OrderRejected': {
      const { orderId, reason, text } = event.data;
      return { change: 'ended', orderId, status: 'rejected', text: text ?? reason, at };
    }
    case 'OrderCancelled':
      return { change: 'ended', orderId: event.data.orderId, status: 'cancelled', text: event.data.reason, at };
    case 'OrderExpired':
      return { change: 'ended', orderId: event.data.orderId, status: 'expired', text: event.data.reason, at };
    case 'OrderResolvedByOperator': {
      const { kind, requestId, executed, note } = event.data;
      if (kind !== 'order' || executed) return null;
      return { change: 'ended', orderId: requestId, status: 'expired', text: note, at };
    }
    default:
      return unreachable(event);
  }
}
