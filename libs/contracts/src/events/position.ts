// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { event } from '../message.ts';
import {
  ContractTerms,
  Decimal,
  Instant,
  Instrument,
  OrderId,
  PositionId,
  PositiveDecimal,
  RequestId,
  Side,
  Text,
} from '../primitives.ts';
import { Protection, SignalOrigin, TrailingPoints } from './request.ts';

const inferred = z.boolean();

export const CloseReason = z.enum(['user', 'stop-loss', 'take-profit', 'stop-out', 'reconciled', 'unknown']);
export type CloseReason = z.output<typeof CloseReason>;

/**
 * One closing deal. Money is in account currency; `profit` is gross, without swap and commission.
 * `swap` and `commission` are those of the volume it closed: over all deals of a position they sum up to what it cost.
 */
const deal = {
  positionId: PositionId,
  /** The broker's number of the closing deal; unique within the position. */
  deal: z.string().max(32),
  volumeLots: PositiveDecimal,
  price: PositiveDecimal,
  profit: Decimal,
  swap: Decimal,
  commission: Decimal,
  reason: CloseReason,
  /** The close request of ours that led to it, where one did. */
  requestId: RequestId.nullable(),
  inferred,
};

export const positionEvents = [
  /** A position stands at the broker. */
  event('PositionOpened', 'connector', {
    positionId: PositionId,
    brokerPosition: z.string().max(32),
    /** The order it came from; null where the broker opened it without one we know. */
    orderId: OrderId.nullable(),
    instrument: Instrument,
    contract: ContractTerms,
    side: Side,
    volumeLots: PositiveDecimal,
    price: PositiveDecimal,
    openedAt: Instant,
    ...Protection,
    trailingPoints: TrailingPoints,
    /** Account currency, as the broker adds it: costs are negative. */
    commission: Decimal,
    swap: Decimal,
    comment: Text.nullable(),
    signal: SignalOrigin.nullable(),
    inferred,
  }),
  /** Its stop loss, take profit or trailing stop are these now, whoever changed them; `comment` is what a change of ours leaves. */
  event('PositionAmended', 'connector', {
    positionId: PositionId,
    ...Protection,
    trailingPoints: TrailingPoints,
    comment: Text.nullable(),
    inferred,
  }),
  /** A part was closed: the deal, and what is left under which number of the broker. */
  event('PositionReduced', 'connector', {
    ...deal,
    remainingLots: PositiveDecimal,
    /** The broker's number of what remains: some brokers renumber a position that was closed in part. */
    brokerPosition: z.string().max(32),
    /** Costs of what remains. */
    remainingSwap: Decimal,
    remainingCommission: Decimal,
  }),
  /** `swap` is the new total of what is open, `delta` this charge; account currency. */
  event('PositionSwapCharged', 'connector', { positionId: PositionId, swap: Decimal, delta: Decimal, inferred }),
  /** The rest was closed. */
  event('PositionClosed', 'connector', { ...deal, closedAt: Instant }),
] as const;
