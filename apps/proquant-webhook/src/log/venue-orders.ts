import { MarketView } from '@core/bus/market-view';
import type { Signal } from '@core/contracts/events/signal';
import type { AccountId, Venue } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import type { SignalOrder } from '@core/contracts/command';
import { signalOrderOf } from '@core/proquant/volume';
import type { Integration } from '@core/registry/entities';
import { Injectable } from '@nestjs/common';

/** Where an account trades; null before it is registered. */
export const venueOf = (runner: ProjectionRunner, account: AccountId): Venue | null =>
  runner.state(accountState, account).registration?.venue ?? null;

/** What signals mean where their account trades. */
@Injectable()
export class VenueOrders {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly market: MarketView,
  ) {}

  /** Null where the venue has nothing under the signal's ticker; `unavailable` while nobody said what it has. */
  orderOf(signal: Pick<Signal, 'ticker' | 'quantity'>, integration: Integration): SignalOrder | null | 'unavailable' {
    const venue = venueOf(this.runner, integration.accountId);
    const instruments = venue === null ? null : this.market.instruments(venue);
    return instruments === null ? 'unavailable' : signalOrderOf(signal, integration.tickers, instruments);
  }
}
