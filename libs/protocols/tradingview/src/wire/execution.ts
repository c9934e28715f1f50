import { Side } from '@core/contracts/primitives';
import { z } from 'zod';
import { successOf, Id, Num, UnixSeconds } from './envelope.ts';

/** One fill, marked on the chart. */
export const TvExecution = z.strictObject({
  id: Id,
  instrument: z.string(),
  price: Num,
  time: UnixSeconds,
  qty: z.number().positive(),
  side: Side,
  orderId: Id,
  isClose: z.boolean(),
  positionId: Id,
  /** Account currency; what it cost is positive. */
  commission: Num.optional(),
});
export type TvExecution = z.output<typeof TvExecution>;

/** `GET /executions`. */
export const ExecutionsAnswer = successOf(z.array(TvExecution));
