// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { event } from '../message.ts';
import { Instant, OrderId, PositionId, PositiveDecimal, Text } from '../primitives.ts';
import { OrderTerms, Protection, TrailingPoints } from './request.ts';

/** `inferred` marks what reconciliation concluded from a snapshot instead of seeing it happen. */
const inferred = z.boolean();

/**
 * What becomes of an order at the broker, whoever placed it.
 * An order of ours keeps the id of its request; one placed elsewhere has an id derived from the broker's number.
 */
export const orderEvents = [
  /** A limit or stop order stands at the broker. */
  event('OrderWorking', 'connector', {
    orderId: OrderId,
    brokerOrder: z.string().max(32),
    ...OrderTerms,
    /** Of the trailing stop that its position will have. */
    trailingPoints: TrailingPoints,
    comment: Text.nullable(),
    inferred,
  }),
  /** The order stands at the broker with these terms now, whoever changed them. */
  event('OrderAmended', 'connector', {
    orderId: OrderId,
    price: PositiveDecimal,
    ...Protection,
    trailingPoints: TrailingPoints,
    expiresAt: Instant.nullable(),
    comment: Text.nullable(),
    inferred,
  }),
  /** One order may fill as several positions: one event each. */
  event('OrderFilled', 'connector', {
    orderId: OrderId,
    positionId: PositionId,
    volumeLots: PositiveDecimal,
    price: PositiveDecimal,
    inferred,
  }),
  /** `trigger-failed`: the broker triggered it and could not execute it. */
  event('OrderCancelled', 'connector', {
    orderId: OrderId,
    reason: z.enum(['user', 'trigger-failed', 'unknown']),
    inferred,
  }),
  /** Its good-till passed while it stood at the broker. */
  event('OrderExpired', 'connector', { orderId: OrderId, inferred }),
] as const;
