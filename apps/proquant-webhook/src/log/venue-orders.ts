import { MarketView } from '@core/bus/market-view';
import type { Signal } from '@core/contracts/events/signal';
import type { AccountId, Venue } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import { orderOf, type SignalOrder } from '@core/proquant/volume';
import type { Integration } from '@core/registry/entities';
import { Injectable } from '@nestjs/common';

/** What signals mean where their account trades. */
@Injectable()
export class VenueOrders {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly market: MarketView,
  ) {}

  venueOf(account: AccountId): Venue | null {
    return this.runner.state(accountState, account).registration?.venue ?? null;
  }

  /** Null where the venue has nothing under the signal's ticker; `unavailable` while nobody said what it has. */
  orderOf(signal: Pick<Signal, 'ticker' | 'quantity'>, integration: Integration): SignalOrder | null | 'unavailable' {
    const venue = this.venueOf(integration.accountId);
    const instruments = venue === null ? null : this.market.instruments(venue);
    return instruments === null ? 'unavailable' : orderOf(signal, integration.tickers, instruments);
  }
}
