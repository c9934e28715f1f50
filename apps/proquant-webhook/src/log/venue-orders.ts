import { MarketView } from '@core/bus/market-view';
import type { Signal } from '@core/contracts/events/signal';
import { policiesOf, type IntegrationPolicies } from '@core/contracts/integration-policy';
import { worstPriceOf } from '@core/contracts/market/slippage';
import { openingPrice } from '@core/contracts/market/valuation';
import type { AccountId, Venue } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import { accountStrategies } from '@core/projections/strategies';
import type { SignalOrder } from '@core/contracts/command';
import { signalOrderOf } from '@core/proquant/volume';
import type { Integration } from '@core/registry/entities';
import { Injectable } from '@nestjs/common';

/** Where an account trades; null before it is registered. */
export const venueOf = (runner: ProjectionRunner, account: AccountId): Venue | null =>
  runner.state(accountState, account).registration?.venue ?? null;

/** What was decided about the signals of an integration. */
export const policiesFor = (
  runner: ProjectionRunner,
  { id, accountId }: Pick<Integration, 'id' | 'accountId'>,
): IntegrationPolicies => policiesOf(runner.state(accountStrategies, accountId).policies, id);

/** What signals mean where their account trades. */
@Injectable()
export class VenueOrders {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly market: MarketView,
  ) {}

  /**
   * Null where the venue has nothing under the signal's ticker; `unavailable` while nobody said what it has, or what it
   * offers where the price may slip so far and no farther.
   */
  orderOf(
    signal: Pick<Signal, 'ticker' | 'quantity' | 'side'>,
    integration: Integration,
  ): SignalOrder | null | 'unavailable' {
    const venue = venueOf(this.runner, integration.accountId);
    const instruments = venue === null ? null : this.market.instruments(venue);
    if (venue === null || instruments === null) return 'unavailable';
    const order = signalOrderOf(
      signal,
      integration.tickers,
      instruments,
      policiesFor(this.runner, integration).round_down,
    );
    const { slippagePercent } = integration;
    if (order === null || slippagePercent === null) return order;
    const [quote, spec] = [this.market.priced(venue).quote(order.instrument), instruments.get(order.instrument)];
    if (!quote || !spec) return 'unavailable';
    const { side } = signal;
    return { ...order, worstPrice: worstPriceOf(side, openingPrice(side, quote), slippagePercent, spec.contract) };
  }
}
