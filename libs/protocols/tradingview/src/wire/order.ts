import { Side } from '@core/contracts/primitives';
import { z } from 'zod';
import { successOf, Id, Num, UnixSeconds } from './envelope.ts';

/** `placing` waits for the broker, `inactive` is a bracket that waits for its parent; the last three are final. */
const TvOrderStatus = z.enum(['placing', 'inactive', 'working', 'filled', 'cancelled', 'rejected']);
type TvOrderStatus = z.output<typeof TvOrderStatus>;

export const TvOrderType = z.enum(['market', 'limit', 'stop']);
export type TvOrderType = z.output<typeof TvOrderType>;

/** Shown beside an order or a position, and in the notification when the order's status changes. */
export const TvMessage = z.strictObject({
  text: z.string().min(1),
  type: z.enum(['information', 'warning', 'error']),
});
export type TvMessage = z.output<typeof TvMessage>;

/** A value of one of the columns that `/config` adds to a table, or of a field that the order dialog has besides. */
export const CustomField = z.strictObject({ id: z.string(), value: z.string() });

const order = {
  id: Id,
  instrument: z.string(),
  qty: z.number().positive(),
  side: Side,
  type: TvOrderType,
  filledQty: z.number().min(0),
  avgPrice: Num.optional(),
  limitPrice: Num.optional(),
  stopPrice: Num.optional(),
  isTrailingStop: z.literal(true).optional(),
  /** How far a trailing stop stays behind the price; left out where no pip of its instrument is known. */
  trailingStopPips: z.number().positive().optional(),
  parentId: Id.optional(),
  parentType: z.enum(['order', 'position']).optional(),
  duration: z.strictObject({ type: z.string(), datetime: UnixSeconds.optional() }).optional(),
  lastModified: UnixSeconds,
  customFields: z.array(CustomField).min(1).optional(),
  message: TvMessage.optional(),
};

/** A price stands on the order types it belongs to and nowhere else, as a distance does; parent id and type come together. */
const consistent = (each: {
  readonly type: TvOrderType;
  readonly limitPrice?: number | undefined;
  readonly stopPrice?: number | undefined;
  readonly isTrailingStop?: true | undefined;
  readonly trailingStopPips?: number | undefined;
  readonly parentId?: string | undefined;
  readonly parentType?: string | undefined;
}): boolean =>
  (each.limitPrice !== undefined) === (each.type === 'limit') &&
  (each.stopPrice !== undefined) === (each.type === 'stop') &&
  (each.isTrailingStop === undefined || each.type === 'stop') &&
  (each.trailingStopPips === undefined || each.isTrailingStop === true) &&
  (each.parentId === undefined) === (each.parentType === undefined);

/** An order, a bracket or the closing of a position: TradingView knows all three as orders. */
export const TvOrder = z.strictObject({ ...order, status: TvOrderStatus }).refine(consistent);
export type TvOrder = z.output<typeof TvOrder>;

/** `GET /orders`. */
export const OrdersAnswer = successOf(z.array(TvOrder));

const FinalOrder = z.strictObject({ ...order, status: z.enum(['filled', 'cancelled', 'rejected']) }).refine(consistent);

/** `GET /ordersHistory`. */
export const OrdersHistoryAnswer = successOf(z.array(FinalOrder));

/** `POST /orders`. */
export const PlaceOrderAnswer = successOf(z.strictObject({ orderId: Id, transactionId: Id }));

/** PUT and DELETE of orders and positions. */
export const WriteAnswer = successOf(z.strictObject({ transactionId: Id }));
