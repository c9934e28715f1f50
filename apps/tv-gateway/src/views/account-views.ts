import { MarketView } from '@core/bus/market-view';
import type { AccountId } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { ShownEvents } from './shown-events.ts';
import { AccountView } from './account-view.ts';
import { BrokerConnections } from './broker-connections.ts';
import { PricedVenues } from './priced-venues.ts';

/** The views of all accounts that somebody has looked at. */
@Injectable()
export class AccountViews {
  private readonly views = new Map<AccountId, AccountView>();

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly prices: MarketView,
    private readonly markets: PricedVenues,
    private readonly connections: BrokerConnections,
    private readonly seen: ShownEvents,
  ) {
    runner.onEach(({ subject }) => this.views.get(subject)?.moved());
    runner.onReplaced(() => {
      for (const view of this.views.values()) view.moved();
    });
  }

  of(account: TradedAccount): AccountView {
    const known = this.views.get(account.id);
    if (known) return known;
    const view = new AccountView(account, this.runner, this.prices, this.markets, this.connections, this.seen);
    this.connections.watch(account.id);
    this.views.set(account.id, view);
    return view;
  }
}
