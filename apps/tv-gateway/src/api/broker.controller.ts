import type { TraderId } from '@core/contracts/primitives';
import type { Language } from '@core/kernel/language';
import { orderDialog } from '@core/tradingview/translate/order-dialog';
import { accountFlags, mappingOf, nettingFlags } from '@core/tradingview/translate/broker';
import type { TvAccount } from '@core/tradingview/wire/account';
import type { MappingAnswer } from '@core/tradingview/wire/market';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { SessionGuard, CurrentTrader } from './session.guard.ts';
import { Refused } from '../refused.ts';
import { CallersLanguage } from '../http/callers-language.ts';
import { SlippageBounds } from '../trading/slippage-bounds.ts';
import type { TradedAccount } from '../accounts/traders.ts';
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
    private readonly slippage: SlippageBounds,
  ) {}

  @Get('mapping')
  symbols(): MappingAnswer {
    return mappingOf(this.mapping.symbols);
  }

  @Get('accounts')
  @UseGuards(SessionGuard)
  async list(
    @CurrentTrader() trader: TraderId,
    @CallersLanguage() language: Language,
  ): Promise<{ s: 'ok'; d: TvAccount[] }> {
    const accounts = await this.accounts.of(trader);
    if (accounts.length === 0) throw new Refused({ key: 'account.none' });
    return { s: 'ok', d: await Promise.all(accounts.map((account) => this.shown(account, language))) };
  }

  private async shown(account: TradedAccount, language: Language): Promise<TvAccount> {
    const { currency } = this.views.of(account);
    return {
      id: account.id,
      name: account.name,
      type: account.mode,
      ...(currency !== null && { currency }),
      config: account.netting ? nettingFlags : accountFlags,
      ui: orderDialog(await this.slippage.percentOf(account), language),
    };
  }
}
