import { LedgerUnavailable } from '@core/bus/command-client';
import { say, type UserText } from '@core/tradingview/texts/user-text';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refused, Unauthenticated } from '../refused.ts';
import { callersLanguage } from './callers-language.ts';
import { replyFailure } from './failure-reply.ts';
import { ServedAddresses } from './served-addresses.ts';

const BY_STATUS: Readonly<Record<number, UserText>> = {
  400: { key: 'request.unreadable' },
  404: { key: 'request.nothingHere' },
  405: { key: 'request.nothingHere' },
  413: { key: 'request.tooLarge' },
  414: { key: 'request.tooLarge' },
  415: { key: 'request.formOnly' },
};

const BROKEN: UserText = { key: 'request.failed' };
const UNANSWERED: UserText = { key: 'request.outcomeUnknown' };

/** Every failure in TradingView's words: the error envelope at HTTP 200, except 401 for who is not logged in. */
@Catch()
export class EnvelopeFilter implements ExceptionFilter {
  private readonly log = new Logger(EnvelopeFilter.name);

  constructor(private readonly served: ServedAddresses) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    await this.reply(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** What the framework refuses it refuses before anybody was asked for a token: who has none hears that first. */
  async reply(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (reply.sent) return;
    if (request.url.startsWith('/oauth/')) return this.answerOauth(error, reply);
    if (!(error instanceof HttpException)) return this.answer(error, request, reply);
    const denied = await this.served.authenticate(request).then(
      () => error,
      (reason: unknown) => reason,
    );
    this.answer(denied, request, reply);
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (error instanceof Unauthenticated) void reply.code(401).header('www-authenticate', 'Bearer');
    else void reply.code(200);
    const text = this.textOf(error);
    const outcome = text === BROKEN || text === UNANSWERED ? 'failed' : 'refused';
    replyFailure(reply, callersLanguage(request), text, outcome);
  }

  /** OAuth 2.0 has an envelope of its own (RFC 6749, section 5.2), in ASCII. */
  private answerOauth(error: unknown, reply: FastifyReply): void {
    const isRefused = error instanceof HttpException;
    const code = isRefused ? 'invalid_request' : 'server_error';
    const status = isRefused ? error.getStatus() : 500;
    void reply.code(status).send({ error: code, error_description: say('en', this.textOf(error)) });
  }

  private textOf(error: unknown): UserText {
    if (error instanceof Refused || error instanceof Unauthenticated) return error.text;
    if (error instanceof LedgerUnavailable) return UNANSWERED;
    const text = error instanceof HttpException ? BY_STATUS[error.getStatus()] : undefined;
    if (text !== undefined) return text;
    this.log.error({ err: error, msg: 'a request failed' });
    return BROKEN;
  }
}
