import { z } from 'zod';

const Account = z.int().positive();
const Strategy = z.string().trim().min(1).max(64);
/** Whose strategy it is; needed only where several users have one of this name. */
const User = z.email().optional();
const Direction = z.enum(['BUY', 'SELL']);
const Ticker = z.string().trim().min(1).max(64);

const ofAccount = <Name extends string>(act: Name) => z.object({ act: z.literal(act), account: Account });
const ofStrategy = <Name extends string>(act: Name) =>
  z.object({ act: z.literal(act), account: Account, strategy: Strategy });

/** What a user, or one of their strategies, does at ProQuant. */
export const ProquantAct = z.discriminatedUnion('act', [
  ofAccount('approve'),
  ofAccount('reject'),
  ofAccount('delete'),
  ofStrategy('enable'),
  ofStrategy('disable'),
  z.object({
    ...{ act: z.literal('open'), strategy: Strategy, user: User },
    ...{ direction: Direction, ticker: Ticker, quantity: z.number() },
  }),
  z.object({ act: z.literal('close'), strategy: Strategy, user: User }),
  z.object({ act: z.literal('reopen'), strategy: Strategy, user: User, quantity: z.number().optional() }),
  z.object({ act: z.literal('again') }),
]);
export type ProquantAct = z.output<typeof ProquantAct>;
