import type { TraderId } from '@core/contracts/primitives';
import { accountFlags, mappingOf, nettingFlags } from '@core/tradingview/translate/broker';
import type { TvAccount } from '@core/tradingview/wire/account';
import type { MappingAnswer } from '@core/tradingview/wire/market';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { SessionGuard, CurrentTrader } from './session.guard.ts';
import { Refused } from '../refused.ts';
import { AccountViews } from '../views/account-views.ts';
import { SymbolMapping } from '../accounts/symbol-mapping.ts';
import { TraderAccounts } from '../accounts/trader-accounts.ts';

/** What TradingView asks for once, when somebody logs in. */
@Controller()
export class BrokerController {
  constructor(
    private readonly mapping: SymbolMapping,
    private readonly accounts: TraderAccounts,
    private readonly views: AccountViews,
  ) {}

  @Get('mapping')
  symbols(): MappingAnswer {
    return mappingOf(this.mapping.symbols);
  }

  @Get('accounts')
  @UseGuards(SessionGuard)
  async list(@CurrentTrader() trader: TraderId): Promise<{ s: 'ok'; d: TvAccount[] }> {
    const accounts = await this.accounts.of(trader);
    if (accounts.length === 0) throw new Refused({ key: 'account.none' });
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
