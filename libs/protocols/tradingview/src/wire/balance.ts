import { z } from 'zod';
import { Num, successOf } from './envelope.ts';

/** What an account holds of one currency. */
export const TvBalance = z.strictObject({
  symbol: z.string().min(1),
  total: Num,
  /** What new positions may still take. */
  available: Num,
  /** What open positions take as margin. */
  reserved: Num,
});
export type TvBalance = z.output<typeof TvBalance>;

/** `GET /balances`. */
export const BalancesAnswer = successOf(z.array(TvBalance));
