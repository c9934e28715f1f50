import { DataFeedRegistry } from '@core/registry/data-feed-registry';
import { translateSymbolInfo } from '@core/tradingview/translate/symbol-info';
import type { GroupsAnswer, SymbolInfoAnswer } from '@core/tradingview/wire/feed';
import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { DataSettings } from '../config.ts';
import { OptionalText } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { Refused } from '../refused.ts';
import { DataGuard } from './data.guard.ts';
import { OfferedSymbols } from './offered-symbols.ts';

export class SymbolInfoQuery {
  @OptionalText('group', 64)
  readonly group?: string;
}

/** What TradingView's servers ask for to know what there is (document, Data Integration). */
@Controller()
@UseGuards(DataGuard)
export class DataController {
  constructor(
    private readonly settings: DataSettings,
    private readonly symbols: OfferedSymbols,
    private readonly registry: DataFeedRegistry,
  ) {}

  @Get('symbol_info')
  async symbolInfo(@Query(formPipe) { group }: SymbolInfoQuery): Promise<SymbolInfoAnswer> {
    const symbols = await this.symbols.all();
    const members = group === undefined ? null : await this.membersOf(group);
    const chosen = symbols.filter(({ spec }) => members?.includes(spec.instrument) ?? true);
    // The document knows no list of none, and a group stays when all have been taken out of it.
    if (chosen.length === 0) throw new Refused({ key: 'data.noSymbols' });
    return translateSymbolInfo(chosen, this.settings.exchange);
  }

  @Get('groups')
  async groups(): Promise<GroupsAnswer> {
    const { venue: _venue } = this.symbols;
    return { s: 'ok', d: { groups: (await this.registry.groups()).map(({ id }) => ({ id })) } };
  }

  /** Where there are no groups, naming one restricts nothing (manual, symbol groups). */
  private async membersOf(id: string): Promise<readonly string[] | null> {
    const groups = await this.registry.groups();
    if (groups.length === 0) return null;
    const group = groups.find((each) => each.id === id);
    if (!group) throw new Refused({ key: 'data.noGroup' });
    return group.instruments;
  }
}
