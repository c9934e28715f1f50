import type { TraderId } from '@core/contracts/primitives';
import { DataFeedRegistry } from '@core/registry/data-feed-registry';
import type { PermissionsAnswer } from '@core/tradingview/wire/feed';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { CurrentTrader, SessionGuard } from '../api/session.guard.ts';

/** Which groups of symbols a trader sees: the one address about data that is asked with a trader's token. */
@Controller()
@UseGuards(SessionGuard)
export class PermissionsController {
  constructor(private readonly registry: DataFeedRegistry) {}

  @Get('permissions')
  async groups(@CurrentTrader() trader: TraderId): Promise<PermissionsAnswer> {
    const groups = (await this.registry.groups()).filter(({ traderIds }) => traderIds?.includes(trader) ?? true);
    return { s: 'ok', d: { groups: groups.map(({ id }) => id) } };
  }
}
