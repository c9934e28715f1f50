import { Side } from '@core/contracts/primitives';
import { z } from 'zod';
import { successOf, Id, Num } from './envelope.ts';
import { CustomField, TvMessage } from './order.ts';

/** What both lists that show positions apart say in the same words. */
const common = {
  id: Id,
  instrument: z.string(),
  qty: z.number().min(0),
  side: Side,
  /** Account currency; left out where no rate into it is known. */
  unrealizedPl: Num.optional(),
  message: TvMessage.optional(),
  customFields: z.array(CustomField).min(1).optional(),
};

/** One closed during the session stays, with `qty` 0. */
export const TvPosition = z.strictObject({ ...common, avgPrice: Num });
export type TvPosition = z.output<typeof TvPosition>;

/** All positions in one instrument; one that was closed during the session stays, with no long and no short quantity. */
export const TvNetPosition = z
  .strictObject({
    id: Id,
    instrument: z.string(),
    /** Long less short: negative where more is sold than bought, 0 also where both are equal. */
    qty: Num,
    longQty: z.number().min(0),
    shortQty: z.number().min(0),
    /** Left out where there is none: the quantity is 0, or its opposite positions gained or lost more than it is worth. */
    avgPrice: z.number().positive().optional(),
    message: TvMessage.optional(),
    customFields: z.array(CustomField).min(1).optional(),
  })
  .refine(({ qty, avgPrice }) => qty !== 0 || avgPrice === undefined);
export type TvNetPosition = z.output<typeof TvNetPosition>;

/** One of the positions beneath a net position. */
export const TvIndividualPosition = z.strictObject({
  ...common,
  /** When it was opened: milliseconds since the epoch, as text. */
  date: z.string().regex(/^\d+$/),
  price: Num,
});
export type TvIndividualPosition = z.output<typeof TvIndividualPosition>;

/** `GET /positions`. */
export const PositionsAnswer = successOf(z.array(TvPosition));

/** `GET /netPositions`. */
export const NetPositionsAnswer = successOf(z.array(TvNetPosition));

/** `GET /individualPositions`. */
export const IndividualPositionsAnswer = successOf(z.array(TvIndividualPosition));

const Closed = z.strictObject({ id: Id, qty: z.literal(0) });
type Closed = z.output<typeof Closed>;

type Sized = Pick<TvPosition, 'id' | 'qty'> & Partial<Pick<TvNetPosition, 'longQty' | 'shortQty'>>;

/** As a stream tells it. Opposite positions that make a net position of 0 are not closed. */
export function inStream<Shown extends Sized>(shown: Shown): Shown | Closed {
  const { qty, longQty = qty, shortQty = qty } = shown;
  return longQty === 0 && shortQty === 0 ? { id: shown.id, qty: 0 } : shown;
}

/** `/stream/positions`: a closed position is its id and a quantity of 0, as in the next two. */
export const PositionsMessage = z.array(z.union([TvPosition, Closed]));

/** `/stream/netPositions`. */
export const NetPositionsMessage = z.array(z.union([TvNetPosition, Closed]));

/** `/stream/individualPositions`. */
export const IndividualPositionsMessage = z.array(z.union([TvIndividualPosition, Closed]));
