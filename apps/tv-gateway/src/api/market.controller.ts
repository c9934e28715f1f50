import { refusalText } from '@core/tradingview/translate/words';
import type { TvDepth } from '@core/tradingview/wire/market';
import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { CurrentAccount, SessionGuard } from './session.guard.ts';
import { Refused } from '../refused.ts';
import { AccountViews } from '../views/account-views.ts';

export class DepthQuery {
  @TextField('symbol', 64)
  readonly symbol: string;
}

/** Books of prices, as an account sees them. */
@Controller()
@UseGuards(SessionGuard)
export class MarketController {
  constructor(private readonly views: AccountViews) {}

  @Get('depth')
  depth(@CurrentAccount() account: TradedAccount, @Query(formPipe) query: DepthQuery): { s: 'ok'; d: TvDepth } {
    const depth = this.views.of(account).market.depth(query.symbol);
    if (depth === null) throw new Refused(refusalText('unknown-instrument'));
    return { s: 'ok', d: depth };
  }
}
