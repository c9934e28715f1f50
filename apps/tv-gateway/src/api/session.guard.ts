import type { TraderId } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { refusalText } from '@core/tradingview/translate/words';
import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { TradedAccount } from '../accounts/traders.ts';
import { oneOf, TraderAccounts } from '../accounts/trader-accounts.ts';
import { Logins } from '../auth/logins.ts';
import type { StoredToken } from '../auth/token-store.ts';
import { bearerOf } from '../http/bearer.ts';
import { Refused } from '../refused.ts';

/** Who calls, and which of their accounts it is about, where the address names one. */
export interface LoggedIn {
  readonly token: StoredToken;
  readonly trader: TraderId;
  readonly account: TradedAccount | null;
}

/** What a request says of who asks, and which of their accounts it is about. */
interface Claim {
  readonly bearer: string;
  readonly accountId: string | null;
}

type Called = FastifyRequest & { caller?: LoggedIn };

/** Nobody gets past it without a token of ours, nor to an account that is not theirs. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly logins: Logins,
    private readonly accounts: TraderAccounts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Called>();
    request.caller = await this.identify(request);
    return true;
  }

  /**
   * Whether who was identified by this claim still is, at once; false also where that must be asked for. It throws as
   * `identify` does.
   */
  recognizing({ bearer, accountId }: Claim, { trader }: LoggedIn): () => boolean {
    const token = this.logins.memoryOf(bearer);
    const accounts = this.accounts.memoryOf(trader);
    return () => {
      if (token() === null) return false;
      const theirs = accounts();
      return theirs !== null && (accountId === null || oneOf(theirs, accountId) !== null);
    };
  }

  /** Throws `Unauthenticated` for a token that is none or whose trader lives elsewhere, `Refused` for an account that is not the trader's. */
  async identify(request: FastifyRequest): Promise<LoggedIn> {
    const { bearer, accountId } = claimOf(request);
    const token = await this.logins.authenticate(bearer);
    const trader = token.traderId;
    const theirs = await this.accounts.of(trader);
    return { token, trader, account: accountId === null ? null : oneOf(theirs, accountId) };
  }
}

/** Throws `Unauthenticated` where there is no token. */
export const claimOf = (request: FastifyRequest): Claim => ({
  bearer: bearerOf(request.headers.authorization),
  accountId: accountIn(request),
});

export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context));
export const CurrentTrader = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context).trader);
/** The trader's account that the path or, for market data, the query names. */
export const CurrentAccount = createParamDecorator((_: unknown, context: ExecutionContext) =>
  accountOf(callerOf(context)),
);

/** Throws `Refused` where the request names none. */
export function accountOf({ account }: LoggedIn): TradedAccount {
  if (!account) throw new Refused(refusalText('unknown-account'));
  return account;
}

export const callerOf = (context: ExecutionContext): LoggedIn =>
  present(context.switchToHttp().getRequest<Called>().caller, 'the session guard stands before every such handler');

function accountIn({ params, query }: FastifyRequest): string | null {
  const named = stringIn(params, 'accountId') ?? stringIn(query, 'accountId');
  return named ?? null;
}

const stringIn = (fields: unknown, name: string): string | undefined => {
  const value: unknown = typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : undefined;
  return typeof value === 'string' ? value : undefined;
};
