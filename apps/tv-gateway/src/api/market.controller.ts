import { refusalText } from '@core/tradingview/translate/words';
import type { TvDepth } from '@core/tradingview/wire/market';
import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { MarketDataSettings } from '../config.ts';
import { TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { CurrentAccount, SessionGuard } from './session.guard.ts';
import { Refused } from '../refused.ts';
import { AccountViews } from '../views/account-views.ts';
import { symbolsIn } from './symbols.ts';

class DepthQuery {
  @TextField('symbol', 64)
  readonly symbol: string;
}

/** Prices, as an account sees them. */
@Controller()
@UseGuards(SessionGuard)
export class MarketController {
  constructor(
    private readonly settings: MarketDataSettings,
    private readonly views: AccountViews,
  ) {}

  @Get('quotes')
  @Header('content-type', 'application/json; charset=utf-8')
  quotes(@CurrentAccount() account: TradedAccount, @Query('symbols') list: unknown): Buffer {
    const { market } = this.views.of(account);
    const quotes = symbolsIn(list, this.settings.symbolsMax).flatMap((symbol) => market.quoteJson(symbol) ?? []);
    if (quotes.length === 0) throw new Refused('There are no prices for these instruments at the moment.');
    return Buffer.from(`{"s":"ok","d":[${quotes.join(',')}]}`);
  }

  @Get('depth')
  depth(@CurrentAccount() account: TradedAccount, @Query(formPipe) query: DepthQuery): { s: 'ok'; d: TvDepth } {
    const depth = this.views.of(account).market.depth(query.symbol);
    if (depth === null) throw new Refused(refusalText('unknown-instrument'));
    return { s: 'ok', d: depth };
  }
}
