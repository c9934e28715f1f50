import { MarketView } from '@core/bus/market-view';
import type { AccountId } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { AccountScreen } from './account-screen.ts';
import { VenueMarkets } from './venue-markets.ts';

/** The screens of all accounts that somebody has looked at. */
@Injectable()
export class Screens {
  private readonly screens = new Map<AccountId, AccountScreen>();

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly prices: MarketView,
    private readonly markets: VenueMarkets,
  ) {}

  of(account: TradedAccount): AccountScreen {
    const known = this.screens.get(account.id);
    if (known) return known;
    const screen = new AccountScreen(account, this.runner, this.prices, this.markets);
    this.screens.set(account.id, screen);
    return screen;
  }
}
