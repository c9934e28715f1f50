import { z } from 'zod';
import { successOf, Num } from './envelope.ts';

/** Money is account currency; cells are text, formatted, in the order that `/config` names their columns. */
export const TvState = z.strictObject({
  balance: Num,
  unrealizedPl: Num,
  equity: Num,
  marginAvailable: Num.optional(),
  accountSummaryRowData: z.array(z.string()).min(1),
  amData: z.array(z.array(z.array(z.string()))).min(1),
});
export type TvState = z.output<typeof TvState>;

/** `GET /state`. */
export const StateAnswer = successOf(TvState);
