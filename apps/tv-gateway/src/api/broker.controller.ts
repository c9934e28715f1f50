import type { TraderId } from '@core/contracts/primitives';
import { accountFlags, configOf, mappingOf, nettingFlags } from '@core/tradingview/translate/broker';
import type { TvAccount } from '@core/tradingview/wire/account';
import type { TvConfig } from '@core/tradingview/wire/config';
import type { MappingAnswer } from '@core/tradingview/wire/market';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { PollingSettings } from '../config.ts';
import { SessionGuard, CurrentTrader } from './session.guard.ts';
import { Refused } from '../refused.ts';
import { AccountViews } from '../views/account-views.ts';
import { SymbolMapping } from '../accounts/symbol-mapping.ts';
import { TraderAccounts } from '../accounts/trader-accounts.ts';

/** What TradingView asks for once, when somebody logs in. */
@Controller()
export class BrokerController {
  constructor(
    private readonly polling: PollingSettings,
    private readonly mapping: SymbolMapping,
    private readonly accounts: TraderAccounts,
    private readonly views: AccountViews,
  ) {}

  @Get('config')
  @UseGuards(SessionGuard)
  configuration(): { s: 'ok'; d: TvConfig } {
    const { quotesIntervalMs, ordersIntervalMs, positionsIntervalMs, stateIntervalMs } = this.polling;
    const intervals = {
      quotes: quotesIntervalMs,
      orders: ordersIntervalMs,
      positions: positionsIntervalMs,
      accountManager: stateIntervalMs,
    };
    return { s: 'ok', d: configOf(intervals) };
  }

  @Get('mapping')
  symbols(): MappingAnswer {
    return mappingOf(this.mapping.symbols);
  }

  @Get('accounts')
  @UseGuards(SessionGuard)
  async list(@CurrentTrader() trader: TraderId): Promise<{ s: 'ok'; d: TvAccount[] }> {
    const accounts = await this.accounts.of(trader);
    if (accounts.length === 0) throw new Refused('You have no trading account here yet.');
    const d = accounts.map((account): TvAccount => {
      const { currency } = this.views.of(account);
      return {
        id: account.id,
        name: account.name,
        type: account.mode,
        ...(currency !== null && { currency }),
        config: account.netting ? nettingFlags : accountFlags,
      };
    });
    return { s: 'ok', d };
  }
}
