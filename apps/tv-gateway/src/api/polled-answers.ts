import { configOf } from '@core/tradingview/translate/broker';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MarketDataSettings, PollingSettings } from '../config.ts';
import { callersLanguage } from '../http/callers-language.ts';
import { replyPrepared } from '../http/prepared-reply.ts';
import { SHOWN_NAMES, type AccountView } from '../views/account-view.ts';
import { AccountViews } from '../views/account-views.ts';
import { ByLanguage } from '../views/by-language.ts';
import { preparedAnswer, type PreparedAnswer } from '../views/prepared-answer.ts';
import { accountOf, SessionGuard, type LoggedIn } from './session.guard.ts';

type Polled = FastifyRequest<{ Querystring: Readonly<Record<string, unknown>> }>;

/**
 * What every open page asks for, most of it several times a second. These answers are made before and only sent, past
 * Nest's layers, so that a poll costs little more than its bytes; who asks is looked at as everywhere.
 */
@Injectable()
export class PolledAnswers {
  private readonly configuration: ByLanguage<PreparedAnswer>;

  constructor(
    private readonly quotes: MarketDataSettings,
    polling: PollingSettings,
    private readonly sessions: SessionGuard,
    private readonly views: AccountViews,
  ) {
    const intervals = intervalsOf(polling);
    this.configuration = new ByLanguage((language) =>
      preparedAnswer(JSON.stringify(configOf(intervals, language)), language),
    );
  }

  /** Before the server listens. */
  register(server: Pick<FastifyInstance, 'get'>): void {
    server.get(
      '/config',
      this.answering((_, request) => this.configuration.in(callersLanguage(request))),
    );
    for (const shown of SHOWN_NAMES) {
      server.get(
        `/accounts/:accountId/${shown}`,
        this.answering((caller, request) => this.viewOf(caller).answer(shown, callersLanguage(request))),
      );
    }
    server.get(
      '/accounts/:accountId/instruments',
      this.answering((caller) => this.viewOf(caller).market.instruments()),
    );
    server.get(
      '/quotes',
      this.answering((caller, { query }) =>
        this.viewOf(caller).market.quotes(query['symbols'], this.quotes.symbolsMax),
      ),
    );
  }

  private viewOf(caller: LoggedIn): AccountView {
    return this.views.of(accountOf(caller));
  }

  private answering(answer: (caller: LoggedIn, request: Polled) => PreparedAnswer) {
    return async (request: Polled, reply: FastifyReply): Promise<FastifyReply> => {
      const caller = await this.sessions.identify(request);
      return replyPrepared(reply, answer(caller, request));
    };
  }
}

const intervalsOf = ({
  quotesIntervalMs,
  ordersIntervalMs,
  positionsIntervalMs,
  stateIntervalMs,
}: PollingSettings) => ({
  quotes: quotesIntervalMs,
  orders: ordersIntervalMs,
  positions: positionsIntervalMs,
  accountManager: stateIntervalMs,
});
