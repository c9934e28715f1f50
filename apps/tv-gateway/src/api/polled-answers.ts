import type { Language } from '@core/kernel/language';
import { configOf } from '@core/tradingview/translate/broker';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MarketDataSettings, PollingSettings } from '../config.ts';
import { callersLanguage } from '../http/callers-language.ts';
import { replyPrepared } from '../http/prepared-reply.ts';
import type { RepeatedPolls } from '../http/repeated-polls.ts';
import { SlippageBounds } from '../trading/slippage-bounds.ts';
import { SHOWN_NAMES, type AccountView } from '../views/account-view.ts';
import { AccountViews } from '../views/account-views.ts';
import { ByLanguage } from '../views/by-language.ts';
import { preparedAnswer, type PreparedAnswer } from '../views/prepared-answer.ts';
import { accountOf, claimOf, SessionGuard, type LoggedIn } from './session.guard.ts';

type Polled = FastifyRequest<{ Querystring: Readonly<Record<string, unknown>> }>;

/** All of a request that its answer depends on, beside who may ask. */
interface Poll {
  readonly language: Language;
  readonly symbols: unknown;
}

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
    private readonly slippage: SlippageBounds,
  ) {
    const intervals = intervalsOf(polling);
    this.configuration = new ByLanguage((language) =>
      preparedAnswer(JSON.stringify(configOf(intervals, language)), language),
    );
  }

  /** Before the server listens. */
  register(server: Pick<FastifyInstance, 'get'>, repeated: RepeatedPolls): void {
    const poll = (route: string, answering: (caller: LoggedIn, poll: Poll) => () => PreparedAnswer): void => {
      server.get(route, async (request: Polled, reply) => {
        const claim = claimOf(request);
        const caller = await this.sessions.identify(request);
        const answer = answering(caller, pollIn(request));
        replyPrepared(reply, answer());
        const isKnown = this.sessions.recognizing(claim, caller);
        repeated.remember(request.raw, { route, answer: () => (isKnown() ? answer() : null) });
      });
    };
    poll('/config', (_, { language }) => {
      const configuration = this.configuration.in(language);
      return () => configuration;
    });
    for (const shown of SHOWN_NAMES) {
      poll(`/accounts/:accountId/${shown}`, (caller, { language }) => this.viewOf(caller).answering(shown, language));
    }
    poll('/quotes', (caller, { symbols }) => {
      const view = this.viewOf(caller);
      return () => view.market.quotes(symbols, this.quotes.symbolsMax);
    });
    server.get('/accounts/:accountId/instruments', async (request, reply) => {
      const caller = await this.sessions.identify(request);
      const bounds = await this.slippage.ofInstruments(accountOf(caller));
      replyPrepared(reply, this.viewOf(caller).market.instruments(bounds, callersLanguage(request)));
    });
  }

  private viewOf(caller: LoggedIn): AccountView {
    return this.views.of(accountOf(caller));
  }
}

const pollIn = (request: Polled): Poll => ({
  language: callersLanguage(request),
  symbols: request.query['symbols'],
});

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
