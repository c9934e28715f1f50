import { LedgerUnavailable } from '@core/bus/command-client';
import { failureAnswer } from '@core/tradingview/wire/envelope';
import { OUTCOME_UNKNOWN } from '@core/tradingview/translate/words';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refused, Unauthenticated } from '../refused.ts';

const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'The request could not be read.',
  404: 'There is nothing at this address.',
  405: 'There is nothing at this address.',
  413: 'The request is too large.',
  414: 'The request is too large.',
  415: 'Requests must be sent as application/x-www-form-urlencoded.',
};

const BROKEN = 'Something went wrong on our side. Please try again in a moment.';

/** Every failure in TradingView's words: the error envelope at HTTP 200, except 401 for who is not logged in. */
@Catch()
export class EnvelopeFilter implements ExceptionFilter {
  private readonly log = new Logger(EnvelopeFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    if (host.switchToHttp().getRequest<FastifyRequest>().url.startsWith('/oauth/'))
      return this.answerOauth(error, reply);
    if (error instanceof Unauthenticated) {
      void reply.code(401).header('www-authenticate', 'Bearer').send(failureAnswer('Please log in again.'));
      return;
    }
    void reply.code(200).send(failureAnswer(this.textOf(error)));
  }

  /** OAuth 2.0 has an envelope of its own (RFC 6749, section 5.2). */
  private answerOauth(error: unknown, reply: FastifyReply): void {
    const isRefused = error instanceof HttpException;
    const code = isRefused ? 'invalid_request' : 'server_error';
    const status = isRefused ? error.getStatus() : 500;
    void reply.code(status).send({ error: code, error_description: this.textOf(error) });
  }

  private textOf(error: unknown): string {
    if (error instanceof Refused) return error.message;
    if (error instanceof LedgerUnavailable) return OUTCOME_UNKNOWN;
    const text = error instanceof HttpException ? BY_STATUS[error.getStatus()] : undefined;
    if (text !== undefined) return text;
    this.log.error({ err: error, msg: 'a request failed' });
    return BROKEN;
  }
}
