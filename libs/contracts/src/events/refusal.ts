// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { LimitBreach } from '../limit.ts';
import { event } from '../message.ts';
import {
  Instrument,
  OrderId,
  OrderKind,
  PositionId,
  PositiveDecimal,
  RequestId,
  Side,
  SignalId,
  Text,
} from '../primitives.ts';
import { AmendmentTerms, Requester } from './request.ts';

/** Commands that want something of a broker. */
export const WishType = z.enum([
  'PlaceOrder',
  'Amend',
  'CancelOrder',
  'ClosePosition',
  'ReversePosition',
  'ReceiveSignal',
  'ContinueSignal',
]);
export type WishType = z.output<typeof WishType>;

/** What of a trade is wanted. */
const wanted = {
  instrument: Instrument,
  side: Side,
  kind: OrderKind,
  volumeLots: PositiveDecimal,
  price: PositiveDecimal.nullable(),
};

/** A trade as a wish in shadow would have led to. `marketPrice` is what the market offered then; null where unknown. */
const rehearsedTrade = z.strictObject({ ...wanted, marketPrice: PositiveDecimal.nullable() }).nullable();

export const refusalEvents = [
  /**
   * A wish that we refused, with what it was judged by. `requestId` is the command's: the order or request it would have
   * become. `reason` is a word of ours, `omitted` how many refusals of the account before it were too many to be kept.
   */
  event('CommandRefused', 'ledger', {
    command: WishType,
    requestId: RequestId,
    reason: z.string().max(64),
    text: Text.nullable(),
    breach: LimitBreach.nullable(),
    /** The new order that was wanted. */
    order: z.strictObject(wanted).nullable(),
    /** What was to be changed. */
    orderId: OrderId.nullable(),
    positionId: PositionId.nullable(),
    signalId: SignalId.nullable(),
    requester: Requester.nullable(),
    omitted: z.int().min(0),
  }),
  /**
   * A wish in shadow that every rule lets pass: nothing of it goes to the broker. `requestId` is what the request would
   * have become; `opens` and `closes` are what it would have traded, `side` that of the position in both.
   */
  event('RequestShadowed', 'ledger', {
    command: WishType.exclude(['ReceiveSignal', 'ContinueSignal']),
    requestId: RequestId,
    opens: rehearsedTrade,
    closes: rehearsedTrade,
    /** What was to be changed. */
    orderId: OrderId.nullable(),
    positionId: PositionId.nullable(),
    terms: AmendmentTerms.nullable(),
    requester: Requester,
  }),
] as const;
