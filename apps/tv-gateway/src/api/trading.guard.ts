import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseInterceptors,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { SessionGuard } from './session.guard.ts';
import { TermsInBody } from './terms-in-body.guard.ts';
import { TradingLines } from './trading-lines.ts';

const TRADING = 'trading-request';

/** A handler that trades: each of its requests is told to `TradingAccess`, whoever turns it away. */
export const TradingRequest = () => applyDecorators(SetMetadata(TRADING, true), UseInterceptors(TradingLines));

/** Who may trade, and says it where it is read; who is turned away at a handler that trades leaves a line too. */
@Injectable()
export class TradingGuard implements CanActivate {
  constructor(
    private readonly sessions: SessionGuard,
    private readonly terms: TermsInBody,
    private readonly lines: TradingLines,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const beganMs = performance.now();
    try {
      return (await this.sessions.canActivate(context)) && this.terms.canActivate(context);
    } catch (error) {
      if (Reflect.getMetadata(TRADING, context.getHandler()) === true) this.lines.turnedAway(context, error, beganMs);
      throw error;
    }
  }
}
