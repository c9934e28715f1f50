import { Side } from '@core/contracts/primitives';
import { z } from 'zod';
import { successOf, Id, Num } from './envelope.ts';
import { TvMessage } from './order.ts';

/** A value of one of the columns that `/config` adds to a table. */
const CustomField = z.strictObject({ id: z.string(), value: z.string() });

/** One closed during the session stays, with `qty` 0. */
export const TvPosition = z.strictObject({
  id: Id,
  instrument: z.string(),
  qty: z.number().min(0),
  side: Side,
  avgPrice: Num,
  /** Account currency; left out where no rate into it is known. */
  unrealizedPl: Num.optional(),
  message: TvMessage.optional(),
  customFields: z.array(CustomField).min(1).optional(),
});
export type TvPosition = z.output<typeof TvPosition>;

/** `GET /positions`. */
export const PositionsAnswer = successOf(z.array(TvPosition));

/** `/stream/positions`: a closed position is its id and a quantity of 0. */
export const PositionsMessage = z.array(z.union([TvPosition, z.strictObject({ id: Id, qty: z.literal(0) })]));
