// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { message } from '../message.ts';
import {
  ContractTerms,
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
  proquantPositionId: z.string().min(1).max(128),
});
export type SignalOrigin = z.output<typeof SignalOrigin>;

/** Who asked: the edge, and the sender's own reference for support. */
export const Requester = z.strictObject({
  edge: z.enum(['tv-gateway', 'proquant-webhook', 'ws-session', 'operator']),
  reference: z.string().max(128).nullable(),
});
export type Requester = z.output<typeof Requester>;

/** Stop loss and take profit as absolute prices; null is none. */
export const Protection = { stopLoss: PositiveDecimal.nullable(), takeProfit: PositiveDecimal.nullable() };

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

export const RequestKind = z.enum(['order', 'amendment', 'cancellation', 'close']);
export type RequestKind = z.output<typeof RequestKind>;

/** Changing a working order or the protection of a position. Values are the whole target, null clears. */
export const AmendmentTerms = z.discriminatedUnion('target', [
  z.strictObject({
    target: z.literal('order'),
    orderId: OrderId,
    price: PositiveDecimal,
    ...Protection,
    expiresAt: Instant.nullable(),
  }),
  z.strictObject({ target: z.literal('position'), positionId: PositionId, ...Protection }),
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
  'not-found',
  'superseded',
  'broker-error',
]);
export type RejectionReason = z.output<typeof RejectionReason>;

const order = { orderId: OrderId };
const request = { requestId: RequestId };
const rejection = { reason: RejectionReason, brokerCode: Text.nullable(), text: Text.nullable() };
const dispatch = { connector: Text };
/** `brokerRequest` is the broker's number of the request. `evidence` says what was seen where no answer came. */
const acceptance = { brokerRequest: z.string().max(32).nullable(), evidence: Text.nullable() };
const doubt = { cause: z.enum(['timeout', 'connection-lost', 'connector-restart', 'broker-error', 'mixed-evidence']) };
/** `not-sent`: too old before its first byte left. `not-executed`: the broker provably never did it. */
const expiry = { reason: z.enum(['not-sent', 'not-executed']), evidence: Text.nullable() };

/**
 * The life of what someone wants from the broker: requested, then dispatched once, then accepted, rejected or expired.
 * An unknown outcome is a state in between, not an error.
 * Acceptance says that the broker executed it; what that did to orders and positions are events of their own.
 */
export const requestEvents = [
  /** Somebody wants an order; nothing has gone to the broker yet. */
  message('OrderRequested', { ...order, ...OrderTerms, requester: Requester, signal: SignalOrigin.nullable() }),
  /** Claimed by a connector, once: its bytes may leave now. */
  message('OrderDispatched', { ...order, ...dispatch }),
  /** The broker took it; its fills are events of their own. */
  message('OrderAccepted', { ...order, ...acceptance }),
  /** The broker said no: nothing stands there. */
  message('OrderRejected', { ...order, ...rejection }),
  /** Sent, and no answer: it may stand at the broker or not. Looked up, never sent again. */
  message('OrderOutcomeUnknown', { ...order, ...doubt }),

  /** Somebody wants other prices or another expiry of an order, or other protection of a position. */
  message('AmendmentRequested', { ...request, terms: AmendmentTerms, requester: Requester }),
  /** Claimed by a connector, once. */
  message('AmendmentDispatched', { ...request, ...dispatch }),
  /** The broker changed it; `OrderAmended` or `PositionAmended` say to what. */
  message('AmendmentAccepted', { ...request, ...acceptance }),
  /** The broker said no: everything stands as before. */
  message('AmendmentRejected', { ...request, ...rejection }),
  /** Sent, and no answer. Looked up, never sent again. */
  message('AmendmentOutcomeUnknown', { ...request, ...doubt }),
  /** Never sent, or provably never done. */
  message('AmendmentExpired', { ...request, ...expiry }),

  /** Somebody wants an order gone. */
  message('CancellationRequested', { ...request, ...order, requester: Requester }),
  /** Claimed by a connector, once. */
  message('CancellationDispatched', { ...request, ...dispatch }),
  /** The broker took it; `OrderCancelled` says that the order is gone. */
  message('CancellationAccepted', { ...request, ...acceptance }),
  /** The broker said no: the order stands, or has ended otherwise. */
  message('CancellationRejected', { ...request, ...rejection }),
  /** Sent, and no answer. Looked up, never sent again. */
  message('CancellationOutcomeUnknown', { ...request, ...doubt }),
  /** Never sent, or provably never done. */
  message('CancellationExpired', { ...request, ...expiry }),

  /** Somebody wants a position closed, as a whole or in part. */
  message('CloseRequested', {
    ...request,
    positionId: PositionId,
    volumeLots: PositiveDecimal,
    requester: Requester,
    signal: SignalOrigin.nullable(),
  }),
  /** Claimed by a connector, once. */
  message('CloseDispatched', { ...request, ...dispatch }),
  /** The broker took it; `PositionClosed` or `PositionReduced` tell the deal. */
  message('CloseAccepted', { ...request, ...acceptance }),
  /** The broker said no: the position stands. */
  message('CloseRejected', { ...request, ...rejection }),
  /** Sent, and no answer. Looked up, never sent again. */
  message('CloseOutcomeUnknown', { ...request, ...doubt }),
  /** Never sent, or provably never done. */
  message('CloseExpired', { ...request, ...expiry }),
] as const;
