// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { event } from '../message.ts';
import {
  ContractTerms,
  EdgeName,
  Instant,
  Instrument,
  IntegrationId,
  OrderId,
  OrderKind,
  PositionId,
  PositiveDecimal,
  RequestId,
  Side,
  SignalId,
  Text,
} from '../primitives.ts';

/**
 * The strategy signal behind a request, where there is one.
 * A strategy holds at most one position, so this is how a position is found again.
 */
export const SignalOrigin = z.strictObject({
  signalId: SignalId,
  integrationId: IntegrationId,
  strategyId: z.string().min(1).max(128),
  /** What the sender of signals calls the position. */
  externalPositionId: z.string().min(1).max(128),
});
export type SignalOrigin = z.output<typeof SignalOrigin>;

/** Who asked: the edge by its name, and the sender's own reference for support. A new edge changes no event. */
export const Requester = z.strictObject({
  edge: EdgeName,
  reference: z.string().max(128).nullable(),
});
export type Requester = z.output<typeof Requester>;

/** The one edge that rules tell apart: a person at the controls, who may close while everything else is halted. */
export const isOperator = ({ edge }: Requester): boolean => edge === 'operator';

/** Stop loss and take profit as absolute prices; null is none. */
export const Protection = { stopLoss: PositiveDecimal.nullable(), takeProfit: PositiveDecimal.nullable() };

/** Distance of a trailing stop in points of the instrument's `digits`; null is none. */
export const TrailingPoints = z.int().positive().nullable();

/** The trailing stop that an order or its position is to have; absent is none of a new one, and as it is of a change. */
export const WantedTrailing = { trailingPoints: TrailingPoints.optional() };

/** Terms of a new order. `price` is the trigger of a limit or stop order and null for a market order. */
export const OrderTerms = {
  instrument: Instrument,
  contract: ContractTerms,
  side: Side,
  kind: OrderKind,
  volumeLots: PositiveDecimal,
  price: PositiveDecimal.nullable(),
  ...Protection,
  /** Good till then; null is good till cancelled. */
  expiresAt: Instant.nullable(),
};

/** How far, in percent, the price of a market order may slip where whoever asked chose it; absent is as allowed. */
export const ChosenSlippage = { slippagePercent: PositiveDecimal.optional() };

/** The worst price a market order may fill at, as whoever asked for it bounded its slippage; absent is no bound. */
export const WorstPrice = { worstPrice: PositiveDecimal.optional() };

/** The position that an order is to open the other side of, and the close that must have been executed before. */
const Reversal = z.strictObject({ positionId: PositionId, closeId: RequestId });

export const RequestKind = z.enum(['order', 'amendment', 'cancellation', 'close']);
export type RequestKind = z.output<typeof RequestKind>;

/** Changing a working order or the protection of a position. Values are the whole target, null clears. */
export const AmendmentTerms = z.discriminatedUnion('target', [
  z.strictObject({
    target: z.literal('order'),
    orderId: OrderId,
    price: PositiveDecimal,
    ...Protection,
    ...WantedTrailing,
    expiresAt: Instant.nullable(),
  }),
  z.strictObject({ target: z.literal('position'), positionId: PositionId, ...Protection, ...WantedTrailing }),
]);
export type AmendmentTerms = z.output<typeof AmendmentTerms>;

/** Why a request failed at the broker, in words we act on; the broker's own code and text stay beside it. */
export const RejectionReason = z.enum([
  'insufficient-funds',
  'market-closed',
  'volume-too-low',
  'volume-too-high',
  'volume-not-multiple-of-step',
  'invalid-price',
  'invalid-protection',
  'off-quotes',
  'unknown-instrument',
  'trading-disabled',
  'instrument-disabled',
  'instrument-not-allowed',
  'short-selling-not-allowed',
  'hedging-not-allowed',
  'change-not-allowed',
  'not-found',
  'superseded',
  'broker-error',
]);
export type RejectionReason = z.output<typeof RejectionReason>;

/** Why a request was not sent: what changed between its being asked for and its turn. */
export const NotSentCause = z.enum([
  'too-old',
  'trading-halted',
  'close-only',
  'cancelled',
  'superseded',
  'price-moved',
  'price-unknown',
  'not-closed',
]);
export type NotSentCause = z.output<typeof NotSentCause>;

const order = { orderId: OrderId };
const request = { requestId: RequestId };
/** Which request: an order's id is its request's. */
const step = { kind: RequestKind, requestId: RequestId };

/**
 * The four things that may be asked of a broker, each with its terms, and the life that all of them have:
 * requested, then dispatched once, then accepted, rejected or expired.
 * An unknown outcome is a state in between, not an error.
 * Acceptance says that the broker executed it; what that did to orders and positions are events of their own.
 */
export const requestEvents = [
  /** Somebody wants an order; nothing has gone to the broker yet. */
  event('OrderRequested', 'ledger', {
    ...order,
    ...OrderTerms,
    ...WantedTrailing,
    ...WorstPrice,
    ...ChosenSlippage,
    reverses: Reversal.optional(),
    requester: Requester,
    signal: SignalOrigin.nullable(),
  }),
  /** Somebody wants other prices or another expiry of an order, or other protection of a position. */
  event('AmendmentRequested', 'ledger', { ...request, terms: AmendmentTerms, requester: Requester }),
  /** Somebody wants an order gone. */
  event('CancellationRequested', 'ledger', { ...request, ...order, requester: Requester }),
  /** Somebody wants a position closed, as a whole or in part. */
  event('CloseRequested', 'ledger', {
    ...request,
    positionId: PositionId,
    volumeLots: PositiveDecimal,
    /** The order that opens the other side once it is closed; neither is sent without the other waiting. */
    reversedBy: OrderId.optional(),
    requester: Requester,
    signal: SignalOrigin.nullable(),
  }),

  /**
   * Claimed by a connector, once: its bytes may leave now.
   * `price` is what the market offered then, of an order with a worst price.
   */
  event('RequestDispatched', 'ledger', { ...step, connector: Text, price: PositiveDecimal.optional() }),
  /**
   * The broker took it; fills, amendments, the end of an order and deals are told by events of their own.
   * `brokerRequest` is the broker's number of the request. `evidence` says what was seen where no answer came.
   */
  event('RequestAccepted', 'connector', {
    ...step,
    brokerRequest: z.string().max(32).nullable(),
    evidence: Text.nullable(),
  }),
  /** The broker said no: no order stands, or everything is as it was before. */
  event('RequestRejected', 'connector', {
    ...step,
    reason: RejectionReason,
    brokerCode: Text.nullable(),
    text: Text.nullable(),
  }),
  /** Sent, and no answer: it may have been done or not. Looked up, never sent again. */
  event('RequestOutcomeUnknown', 'connector', {
    ...step,
    cause: z.enum(['timeout', 'connection-lost', 'connector-restart', 'broker-error', 'mixed-evidence']),
  }),
  /** `not-sent`: ended before its first byte left. `not-executed`: the broker provably never did it. */
  event('RequestExpired', 'ledger-or-connector', {
    ...step,
    reason: z.enum(['not-sent', 'not-executed']),
    evidence: Text.nullable(),
    cause: NotSentCause.optional(),
  }),
  /** An operator looked at the broker and settles an unknown outcome. */
  event(
    'RequestResolved',
    'ledger',
    {
      ...step,
      operator: Text,
      note: Text,
      executed: z.boolean(),
      /** By what it can be seen; null of one that was settled before anybody asked for it. */
      evidence: Text.nullable(),
    },
    2,
  ),
] as const;
