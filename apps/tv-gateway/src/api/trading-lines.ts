import { LedgerUnavailable } from '@core/bus/command-client';
import type { WishType } from '@core/contracts/events/refusal';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { RefusalTeller, askedFor } from '@core/edge/refusal-teller';
import { TradingAccess, type TradingOutcome } from '@core/edge/trading-access';
import { newId } from '@core/service/clock';
import { say } from '@core/tradingview/texts/user-text';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';
import type { TradedAccount } from '../accounts/traders.ts';
import { Refused, Unauthenticated } from '../refused.ts';
import { callerOf } from './session.guard.ts';

/** What every handler of a trading request answers with. */
interface Taken {
  readonly d: { readonly transactionId: Uuid };
}

const REASON_MAX = 64;
const REFERENCE_MAX = 128;

interface Ending {
  readonly outcome: TradingOutcome;
  readonly reason: string | null;
  readonly requestId: Uuid | null;
}

/** Tells `TradingAccess` of requests that trade, under their handler's name. */
@Injectable()
export class TradingLines implements NestInterceptor<Taken> {
  constructor(
    private readonly access: TradingAccess,
    private readonly refusals: RefusalTeller,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<Taken>): Observable<Taken> {
    const beganMs = performance.now();
    const { account } = callerOf(context);
    const asked = context.switchToHttp().getRequest<FastifyRequest>();
    const request = context.getHandler().name;
    const end = (ending: Ending): void => this.line(request, account, ending, beganMs);
    return next.handle().pipe(
      tap({
        next: ({ d: { transactionId: requestId } }) => end({ outcome: 'taken', reason: null, requestId }),
        error: (error: unknown) => {
          const isOurs = error instanceof Refused && error.requestId === null;
          const ending = isOurs ? { ...endingOf(error), requestId: newId() } : endingOf(error);
          end(ending);
          if (isOurs && account) this.tell(account.id, request, ending, error, asked);
        },
      }),
    );
  }

  /** A request that came to no handler: whose account it named, if it is anybody's, is not looked at. */
  turnedAway(context: ExecutionContext, error: unknown, beganMs: number): void {
    this.line(context.getHandler().name, null, endingOf(error), beganMs);
  }

  private line(request: string, account: TradedAccount | null, ending: Ending, beganMs: number): void {
    this.access.answered({
      ...ending,
      ...{ request, accountId: account?.id ?? null, correlationId: ending.requestId },
      ms: performance.now() - beganMs,
    });
  }

  /** What the user read, in English, and what had been asked for. */
  private tell(
    account: AccountId,
    handler: string,
    { requestId, reason }: Ending,
    { text }: Refused,
    { body, params, query }: FastifyRequest,
  ): void {
    const command = WISHES[handler];
    if (command === undefined || requestId === null) return;
    const { accountId: _account, ...target } = Object(params) as Record<string, unknown>;
    const { requestId: reference = null } = Object(query) as { requestId?: string };
    this.refusals.tell(account, {
      ...{ command, requestId, reason: (reason ?? '').slice(0, REASON_MAX) || 'refused' },
      text: `${say('en', text)}; asked for: ${[target, body].map(askedFor).filter(Boolean).join(', ')}`,
      requester: {
        edge: 'tv-gateway',
        reference: reference === null ? null : String(reference).slice(0, REFERENCE_MAX),
      },
    });
  }
}

/** What each handler would have asked the ledger for. */
const WISHES: Readonly<Record<string, WishType>> = {
  place: 'PlaceOrder',
  modify: 'Amend',
  cancel: 'CancelOrder',
  protect: 'Amend',
  close: 'ClosePosition',
  closeNet: 'ClosePosition',
};

function endingOf(error: unknown): Ending {
  if (error instanceof Refused) return { outcome: 'refused', reason: error.message, requestId: error.requestId };
  if (error instanceof Unauthenticated) return { outcome: 'refused', reason: error.code, requestId: null };
  if (error instanceof LedgerUnavailable)
    return { outcome: 'unanswered', reason: error.code, requestId: error.commandId };
  return { outcome: 'failed', reason: error instanceof Error ? error.name : null, requestId: null };
}
