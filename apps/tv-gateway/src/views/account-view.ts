import type { Instant } from '@core/contracts/primitives';
import type { MarketView } from '@core/bus/market-view';
import { instantFromMs } from '@core/kernel/instant';
import { accountState } from '@core/projections/account';
import { accrued } from '@core/projections/accruals';
import type { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { tradingSession } from '@core/views/tradingview/session';
import { nextToVanishMs } from '@core/views/tradingview/session-state';
import { translateOrders } from '@core/tradingview/translate/order';
import { translateNetPositions } from '@core/tradingview/translate/net-position';
import { translateIndividualPositions, translatePositions, type Valuation } from '@core/tradingview/translate/position';
import { translateBalances, translateState, type ReportedAccount } from '@core/tradingview/translate/state';
import type { TvBalance } from '@core/tradingview/wire/balance';
import type { TvOrder } from '@core/tradingview/wire/order';
import type { TvIndividualPosition, TvNetPosition, TvPosition } from '@core/tradingview/wire/position';
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
  private readonly cachedNetPositions = new CachedResponse();
  private readonly cachedIndividualPositions = new CachedResponse();
  private readonly cachedState = new CachedResponse();
  private readonly cachedBalances = new CachedResponse();

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

  netPositions(): Buffer {
    return this.cached(this.cachedNetPositions, this.pricesVersion, () => this.netPositionsNow());
  }

  individualPositions(): Buffer {
    return this.cached(this.cachedIndividualPositions, this.pricesVersion, () => this.individualPositionsNow());
  }

  balances(): Buffer {
    return this.cached(this.cachedBalances, this.pricesVersion, () => this.balancesNow());
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

  netPositionsNow(): TvNetPosition[] {
    return translateNetPositions(this.book, this.now(), this.valuation);
  }

  individualPositionsNow(): TvIndividualPosition[] {
    return translateIndividualPositions(this.book, this.now(), this.valuation);
  }

  /** Throws `Refused` while the broker has told nothing of the account. */
  stateNow(): TvState {
    return told(translateState(this.reported, this.book, this.valuation));
  }

  private balancesNow(): TvBalance[] {
    return told(translateBalances(this.reported, this.book, this.valuation));
  }

  private get reported(): ReportedAccount {
    const account = this.runner.state(accountState, this.account.id);
    return { ...account, accrued: accrued(account.accruals) };
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

function told<Figures>(figures: Figures | null): Figures {
  if (figures === null) throw new Refused('The broker has not connected this account yet. Please wait a moment.');
  return figures;
}
