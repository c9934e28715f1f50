import { configOf } from '@core/tradingview/translate/broker';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MarketDataSettings, PollingSettings } from '../config.ts';
import { replyPrepared } from '../http/prepared-reply.ts';
import { SHOWN_NAMES, type AccountView } from '../views/account-view.ts';
import { AccountViews } from '../views/account-views.ts';
import { preparedAnswer, type PreparedAnswer } from '../views/prepared-answer.ts';
import { accountOf, SessionGuard, type LoggedIn } from './session.guard.ts';

type Polled = FastifyRequest<{ Querystring: Readonly<Record<string, unknown>> }>;

/**
 * What every open page asks for, most of it several times a second. These answers are made before and only sent, past
 * Nest's layers, so that a poll costs little more than its bytes; who asks is looked at as everywhere.
 */
@Injectable()
export class PolledAnswers {
  private readonly configuration: PreparedAnswer;

  constructor(
    private readonly quotes: MarketDataSettings,
    polling: PollingSettings,
    private readonly sessions: SessionGuard,
    private readonly views: AccountViews,
  ) {
    this.configuration = preparedAnswer(JSON.stringify(configOf(intervalsOf(polling))));
  }

  /** Before the server listens. */
  register(server: Pick<FastifyInstance, 'get'>): void {
    server.get(
      '/config',
      this.answering(() => this.configuration),
    );
    for (const shown of SHOWN_NAMES) {
      server.get(
        `/accounts/:accountId/${shown}`,
        this.answering((caller) => this.viewOf(caller).answer(shown)),
      );
    }
    server.get(
      '/accounts/:accountId/instruments',
      this.answering((caller) => this.viewOf(caller).market.instruments()),
    );
    server.get(
      '/quotes',
      this.answering((caller, query) => this.viewOf(caller).market.quotes(query['symbols'], this.quotes.symbolsMax)),
    );
  }

  private viewOf(caller: LoggedIn): AccountView {
    return this.views.of(accountOf(caller));
  }

  private answering(answer: (caller: LoggedIn, query: Readonly<Record<string, unknown>>) => PreparedAnswer) {
    return async (request: Polled, reply: FastifyReply): Promise<FastifyReply> => {
      const caller = await this.sessions.identify(request);
      return replyPrepared(reply, answer(caller, request.query));
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
