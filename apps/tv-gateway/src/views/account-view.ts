import type { Instant } from '@core/contracts/primitives';
import type { MarketView } from '@core/bus/market-view';
import { instantFromMs } from '@core/kernel/instant';
import { accountState } from '@core/projections/account';
import { accrued } from '@core/projections/accruals';
import type { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { tradingSession } from '@core/views/tradingview/session';
import { nextToVanishMs } from '@core/views/tradingview/session-state';
import { translateOrders } from '@core/tradingview/translate/order';
import { translatePositions, type Valuation } from '@core/tradingview/translate/position';
import { translateState } from '@core/tradingview/translate/state';
import type { TvOrder } from '@core/tradingview/wire/order';
import type { TvPosition } from '@core/tradingview/wire/position';
import type { TvState } from '@core/tradingview/wire/state';
import type { TradedAccount } from '../accounts/traders.ts';
import { Refused } from '../refused.ts';
import { CachedResponse } from './cached-response.ts';
import type { PricedVenue } from './priced-venue.ts';
import type { PricedVenues } from './priced-venues.ts';

/** Nothing of the account moves with prices: the market's version does not matter. */
const STILL = 0;

/**
 * One account as TradingView polls it, several times a second and from every tab its trader has open.
 * Answers are made once per change: of the account, and where positions are open of the prices that value them.
 */
export class AccountView {
  private readonly cachedOrders = new CachedResponse();
  private readonly cachedPositions = new CachedResponse();
  private readonly cachedState = new CachedResponse();

  constructor(
    private readonly account: TradedAccount,
    private readonly runner: ProjectionRunner,
    private readonly prices: MarketView,
    private readonly markets: PricedVenues,
  ) {}

  get book() {
    return this.runner.state(tradingSession, this.account.id);
  }

  /** Null until the broker has named it. */
  get currency(): string | null {
    return this.runner.state(accountState, this.account.id).terms?.currency ?? null;
  }

  get market(): PricedVenue {
    return this.markets.of(this.account.venue, this.currency);
  }

  orders(): Buffer {
    return this.cached(this.cachedOrders, STILL, () => this.ordersNow());
  }

  positions(): Buffer {
    return this.cached(this.cachedPositions, this.pricesVersion, () => this.positionsNow());
  }

  state(): Buffer {
    return this.cached(this.cachedState, this.pricesVersion, () => this.stateNow());
  }

  ordersNow(): TvOrder[] {
    return translateOrders(this.book, this.now());
  }

  positionsNow(): TvPosition[] {
    return translatePositions(this.book, this.now(), this.valuation);
  }

  /** Throws `Refused` while the broker has told nothing of the account. */
  stateNow(): TvState {
    const account = this.runner.state(accountState, this.account.id);
    const state = translateState({ ...account, accrued: accrued(account.accruals) }, this.book, this.valuation);
    if (state === null) throw new Refused('The broker has not connected this account yet. Please wait a moment.');
    return state;
  }

  private cached(answer: CachedResponse, prices: number, make: () => unknown): Buffer {
    const { position } = this.runner.state(accountState, this.account.id);
    return answer.get(position, prices, Date.now(), () => ({
      json: `{"s":"ok","d":${JSON.stringify(make())}}`,
      until: nextToVanishMs(this.book),
    }));
  }

  private get pricesVersion(): number {
    return Object.keys(this.book.positions).length > this.book.closed.length ? this.prices.version : STILL;
  }

  private get valuation(): Valuation {
    return { market: this.market.priced, currency: this.currency };
  }

  private now(): Instant {
    return instantFromMs(Date.now());
  }
}
