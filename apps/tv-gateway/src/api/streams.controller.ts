import type { Language } from '@core/kernel/language';
import { inBackground } from '@core/service/in-background';
import { say, type UserText } from '@core/tradingview/texts/user-text';
import { failureAnswer } from '@core/tradingview/wire/envelope';
import {
  Controller,
  createParamDecorator,
  Get,
  Logger,
  Query,
  Res,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TradedAccount } from '../accounts/traders.ts';
import { TraderAccounts } from '../accounts/trader-accounts.ts';
import { Logins } from '../auth/logins.ts';
import type { StoredToken } from '../auth/token-store.ts';
import { MarketDataSettings, StreamSettings } from '../config.ts';
import { Changes } from '../streams/changes.ts';
import { callersLanguage } from '../http/callers-language.ts';
import { accountOf, callerOf, SessionGuard } from './session.guard.ts';
import { Refused } from '../refused.ts';
import type { Shown } from '../views/account-view.ts';
import { AccountViews } from '../views/account-views.ts';
import { symbolsIn } from '../views/symbols.ts';
import { Differences } from '../streams/differences.ts';
import { EndingRounds, type AskEnding } from '../streams/ending-rounds.ts';
import { lineStream } from '../streams/line-stream.ts';
import { StreamSlots } from '../streams/stream-slots.ts';

const STOPPING: UserText = { key: 'request.stopping' };

/** Who reads a stream of an account. */
interface StreamReader {
  readonly account: TradedAccount;
  readonly token: StoredToken;
  readonly language: Language;
}

const Reader = createParamDecorator((_: unknown, context: ExecutionContext): StreamReader => {
  const caller = callerOf(context);
  const language = callersLanguage(context.switchToHttp().getRequest<FastifyRequest>());
  return { account: accountOf(caller), token: caller.token, language };
});

/** The same as the polled answers, told when they change (document, operations `stream…`). */
@Controller()
@UseGuards(SessionGuard)
export class StreamsController {
  private readonly log = new Logger(StreamsController.name);

  constructor(
    private readonly settings: StreamSettings,
    private readonly slots: StreamSlots,
    private readonly quoteSettings: MarketDataSettings,
    private readonly logins: Logins,
    private readonly accounts: TraderAccounts,
    private readonly views: AccountViews,
    private readonly changes: Changes,
    private readonly rounds: EndingRounds,
  ) {}

  @Get('accounts/:accountId/stream/orders')
  orders(@Reader() reader: StreamReader, @Res() reply: FastifyReply): void {
    this.streamList('orders', reader, reply);
  }

  @Get('accounts/:accountId/stream/positions')
  positions(@Reader() reader: StreamReader, @Res() reply: FastifyReply): void {
    this.streamList('positions', reader, reply);
  }

  @Get('accounts/:accountId/stream/netPositions')
  netPositions(@Reader() reader: StreamReader, @Res() reply: FastifyReply): void {
    this.streamList('netPositions', reader, reply);
  }

  @Get('accounts/:accountId/stream/individualPositions')
  individualPositions(@Reader() reader: StreamReader, @Res() reply: FastifyReply): void {
    this.streamList('individualPositions', reader, reply);
  }

  @Get('accounts/:accountId/stream/state')
  state(@Reader() reader: StreamReader, @Res() reply: FastifyReply): void {
    const view = this.views.of(reader.account);
    const differences = new Differences();
    view.things('state', reader.language);
    this.stream(reader, reply, () => differences.next(view.things('state', reader.language))?.[0] ?? null);
  }

  @Get('stream/quotes')
  quotes(@Reader() reader: StreamReader, @Query('symbols') list: unknown, @Res() reply: FastifyReply): void {
    const { market } = this.views.of(reader.account);
    const symbols = symbolsIn(list, this.quoteSettings.symbolsMax);
    const differences = new Differences();
    this.stream(reader, reply, () => {
      const quotes = symbols.flatMap((symbol): [string, string][] => {
        const json = market.quoteJson(symbol);
        return json === null ? [] : [[symbol, json]];
      });
      const changed = differences.next(quotes);
      return changed?.length ? listOf(changed) : null;
    });
  }

  private streamList(list: Shown, reader: StreamReader, reply: FastifyReply): void {
    const view = this.views.of(reader.account);
    const differences = new Differences();
    this.stream(reader, reply, () => listOf(differences.next(view.things(list, reader.language))));
  }

  private stream(reader: StreamReader, reply: FastifyReply, next: () => string | null): void {
    const { account, token, language } = reader;
    if (this.rounds.areLast) throw new Refused(STOPPING);
    const leave = this.slots.take(token.traderId);
    const stream = lineStream({
      next,
      subscribe: (listener) => this.changes.subscribe(account.id, listener),
      ending: () => this.endingOf(reader),
      subscribeEnding: (ask) => this.subscribeEnding(token, ask),
      failed: (error) => this.failureOf(error, language),
      pauseMs: this.settings.streamPauseMs,
      onClose: leave,
    });
    void reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('content-language', language)
      .header('cache-control', 'no-store')
      .send(stream);
  }

  /** At once where a login is ended here, and in every round. */
  private subscribeEnding({ loginId }: StoredToken, ask: AskEnding): () => void {
    const askNow = (): void => inBackground('asking whether a stream may go on', ask());
    const stops = [this.logins.onEnd(loginId, askNow), this.rounds.join(ask)];
    return () => stops.forEach((stop) => stop());
  }

  /**
   * A login that ended, or an account that was taken away, ends the streams it opened, and so does the end of the process; a
   * renewed token does not.
   */
  private async endingOf({ account, token, language }: StreamReader): Promise<string | null> {
    if (this.rounds.areLast) return lastMessage(language, STOPPING);
    if (!(await this.logins.stands(token.loginId))) return lastMessage(language, { key: 'login.again' });
    try {
      await this.accounts.one(token.traderId, account.id);
      return null;
    } catch (error) {
      if (error instanceof Refused) return lastMessage(language, error.text);
      throw error;
    }
  }

  private failureOf(error: unknown, language: Language): string {
    if (error instanceof Refused) return lastMessage(language, error.text);
    this.log.error({ err: error, msg: 'a stream failed' });
    return lastMessage(language, { key: 'request.failed' });
  }
}

const lastMessage = (language: Language, text: UserText): string => JSON.stringify(failureAnswer(say(language, text)));

const listOf = (changed: readonly string[] | null): string | null =>
  changed === null ? null : `[${changed.join(',')}]`;
