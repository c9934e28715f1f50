import { TradingAccess } from '@core/edge/trading-access';
import { HOOKS_PATH } from '@core/proquant/hook';
import { unnamed } from '@core/proquant/problem';
import { encodeProblem } from '@core/proquant/response';
import { newId } from '@core/service/clock';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StoreUnavailable } from '../integrations.ts';
import { NOTHING_KNOWN, problemOutcome } from './outcome.ts';
import { send } from './send.ts';
import { UnreadDeliveries, type Announced } from './unread.ts';

/** Every failure in ProQuant's form. None of them has a name there: its user sees a general notification. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(
    private readonly access: TradingAccess,
    private readonly unread: UnreadDeliveries,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const requestId = newId();
    const status = statusOf(error);
    if (status >= 500) this.logger.error({ err: error, requestId, msg: 'a request failed' });
    const problem = unnamed(status);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const isDelivery = request.url.startsWith(HOOKS_PATH);
    if (status === 413 || (status === 404 && request.method === 'POST'))
      this.unread.arrived(requestId, status, announcedBy(request));
    if (isDelivery)
      this.access.answered({ ...NOTHING_KNOWN, requestId, ...problemOutcome(problem), ms: reply.elapsedTime });
    send(reply, encodeProblem(problem, requestId));
  }
}

function announcedBy({ url, ip, headers }: FastifyRequest): Announced {
  const [path = ''] = url.split('?');
  const bytes = Number(headers['content-length']);
  return { path, address: ip, bytes: Number.isSafeInteger(bytes) ? bytes : null };
}

/** Errors of the framework carry their status; those of the store say to come again; the rest are bugs. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof StoreUnavailable) return 503;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
