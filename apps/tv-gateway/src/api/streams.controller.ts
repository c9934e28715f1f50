import type { TraderId } from '@core/contracts/primitives';
import { failureAnswer } from '@core/tradingview/wire/envelope';
import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { TradedAccount } from '../accounts/traders.ts';
import { TraderAccounts } from '../accounts/trader-accounts.ts';
import { Logins } from '../auth/logins.ts';
import type { StoredToken } from '../auth/token-store.ts';
import { MarketDataSettings, StreamSettings } from '../config.ts';
import { Changes } from '../streams/changes.ts';
import { CurrentAccount, CurrentCaller, SessionGuard, type LoggedIn } from './session.guard.ts';
import { Refused } from '../refused.ts';
import type { Shown } from '../views/account-view.ts';
import { AccountViews } from '../views/account-views.ts';
import { symbolsIn } from '../views/symbols.ts';
import { Differences } from '../streams/differences.ts';
import { lineStream } from '../streams/line-stream.ts';

/** The same as the polled answers, told when they change (document, operations `stream…`). */
@Controller()
@UseGuards(SessionGuard)
export class StreamsController {
  private open = 0;
  private readonly openOf = new Map<TraderId, number>();

  constructor(
    private readonly settings: StreamSettings,
    private readonly quoteSettings: MarketDataSettings,
    private readonly logins: Logins,
    private readonly accounts: TraderAccounts,
    private readonly views: AccountViews,
    private readonly changes: Changes,
  ) {}

  @Get('accounts/:accountId/stream/orders')
  orders(
    @CurrentAccount() account: TradedAccount,
    @CurrentCaller() caller: LoggedIn,
    @Res() reply: FastifyReply,
  ): void {
    this.streamList('orders', account, caller, reply);
  }

  @Get('accounts/:accountId/stream/positions')
  positions(
    @CurrentAccount() account: TradedAccount,
    @CurrentCaller() caller: LoggedIn,
    @Res() reply: FastifyReply,
  ): void {
    this.streamList('positions', account, caller, reply);
  }

  @Get('accounts/:accountId/stream/netPositions')
  netPositions(
    @CurrentAccount() account: TradedAccount,
    @CurrentCaller() caller: LoggedIn,
    @Res() reply: FastifyReply,
  ): void {
    this.streamList('netPositions', account, caller, reply);
  }

  @Get('accounts/:accountId/stream/individualPositions')
  individualPositions(
    @CurrentAccount() account: TradedAccount,
    @CurrentCaller() caller: LoggedIn,
    @Res() reply: FastifyReply,
  ): void {
    this.streamList('individualPositions', account, caller, reply);
  }

  @Get('accounts/:accountId/stream/state')
  state(@CurrentAccount() account: TradedAccount, @CurrentCaller() caller: LoggedIn, @Res() reply: FastifyReply): void {
    const view = this.views.of(account);
    const differences = new Differences();
    view.things('state');
    this.stream(account, caller, reply, () => differences.next(view.things('state'))?.[0] ?? null);
  }

  @Get('stream/quotes')
  quotes(
    @CurrentAccount() account: TradedAccount,
    @CurrentCaller() caller: LoggedIn,
    @Query('symbols') list: unknown,
    @Res() reply: FastifyReply,
  ): void {
    const { market } = this.views.of(account);
    const symbols = symbolsIn(list, this.quoteSettings.symbolsMax);
    const differences = new Differences();
    this.stream(account, caller, reply, () => {
      const quotes = symbols.flatMap((symbol): [string, string][] => {
        const json = market.quoteJson(symbol);
        return json === null ? [] : [[symbol, json]];
      });
      const changed = differences.next(quotes);
      return changed?.length ? listOf(changed) : null;
    });
  }

  private streamList(list: Shown, account: TradedAccount, caller: LoggedIn, reply: FastifyReply): void {
    const view = this.views.of(account);
    const differences = new Differences();
    this.stream(account, caller, reply, () => listOf(differences.next(view.things(list))));
  }

  private stream(
    account: TradedAccount,
    { token, trader }: LoggedIn,
    reply: FastifyReply,
    next: () => string | null,
  ): void {
    const { streamsMax, streamsPerTrader, streamPauseMs } = this.settings;
    const isFull = this.open >= streamsMax || (this.openOf.get(trader) ?? 0) >= streamsPerTrader;
    if (isFull) throw new Refused('Too many streams are open. Please try again later.');
    this.count(trader, 1);
    const stream = lineStream({
      next,
      subscribe: (listener) => this.changes.subscribe(account.id, listener),
      ending: () => this.endingOf(account, token),
      subscribeEnding: (listener) => this.logins.onEnd(token.loginId, listener),
      pauseMs: streamPauseMs,
      onClose: () => this.count(trader, -1),
    });
    void reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(stream);
  }

  private count(trader: TraderId, change: 1 | -1): void {
    this.open += change;
    const ofTrader = (this.openOf.get(trader) ?? 0) + change;
    if (ofTrader > 0) this.openOf.set(trader, ofTrader);
    else this.openOf.delete(trader);
  }

  /** A login that ended, or an account that was taken away, ends the streams it opened; a renewed token does not. */
  private async endingOf(account: TradedAccount, { loginId, traderId }: StoredToken): Promise<string | null> {
    if (!(await this.logins.stands(loginId))) return JSON.stringify(failureAnswer('Please log in again.'));
    try {
      await this.accounts.one(traderId, account.id);
      return null;
    } catch (error) {
      if (error instanceof Refused) return JSON.stringify(failureAnswer(error.message));
      throw error;
    }
  }
}

const listOf = (changed: readonly string[] | null): string | null =>
  changed === null ? null : `[${changed.join(',')}]`;
