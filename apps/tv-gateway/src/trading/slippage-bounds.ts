import { MarketView } from '@core/bus/market-view';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { isWorseThan, worstPriceOf } from '@core/contracts/market/slippage';
import { openingPrice } from '@core/contracts/market/valuation';
import type { Decimal, Instrument, Side } from '@core/contracts/primitives';
import { compare, minimum, multiply } from '@core/kernel/decimal';
import { refusalText } from '@core/tradingview/translate/words';
import { Injectable } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { Refused } from '../refused.ts';
import { NO_BOUNDS, VenueSlippage, type InstrumentBounds } from './venue-slippage.ts';

/** What a user wants at the market, and what they saw of it. */
export interface MarketOrder {
  readonly side: Side;
  readonly seen: Decimal | null;
  /** How far they let it slip, in percent; absent is as far as allowed. */
  readonly slippagePercent?: Decimal | undefined;
}

/** How far the price of a market order may slip, by account, instrument and venue. */
@Injectable()
export class SlippageBounds {
  constructor(
    private readonly venues: VenueSlippage,
    private readonly market: MarketView,
  ) {}

  /**
   * The worst price that the order may meet. Throws `Refused` where the live price is beyond it already, and where
   * neither the user nor the market has named a price.
   */
  async worstPrice(
    account: TradedAccount,
    { instrument, contract }: InstrumentSpec,
    { side, seen, slippagePercent }: MarketOrder,
  ): Promise<Decimal> {
    const allowed = await this.percentOf(account, instrument);
    const percent = slippagePercent === undefined ? allowed : minimum(slippagePercent, allowed);
    const live = this.livePrice(account, instrument, side);
    const reference = seen !== null && isOfThisMarket(seen, live) ? seen : live;
    if (reference === null) throw new Refused(refusalText('price-unknown'));
    const worst = worstPriceOf(side, reference, percent, contract);
    this.require(account, instrument, side, worst);
    return worst;
  }

  /** How far prices may slip for an account; without an instrument, in those of which nothing else is said. */
  async percentOf({ slippagePercent, venue }: TradedAccount, instrument: Instrument | '' = ''): Promise<Decimal> {
    return slippagePercent ?? (await this.venues.percentOf(venue, instrument));
  }

  /** Of the instruments that have a bound of their own; the same object for as long as nothing else is said. */
  async ofInstruments({ slippagePercent, venue }: TradedAccount): Promise<InstrumentBounds> {
    return slippagePercent === null ? this.venues.ofInstruments(venue) : NO_BOUNDS;
  }

  /** Throws `Refused` where the live price is beyond this one. */
  require(account: TradedAccount, instrument: Instrument, side: Side, worst: Decimal): void {
    const live = this.livePrice(account, instrument, side);
    if (live !== null && isWorseThan(side, live, worst)) throw new Refused(refusalText('price-moved'));
  }

  private livePrice({ venue }: TradedAccount, instrument: Instrument, side: Side): Decimal | null {
    const quote = this.market.priced(venue).quote(instrument);
    return quote && openingPrice(side, quote);
  }
}

/** A client that fills the field with any number has seen no price: no market halves or doubles while a user looks. */
const isOfThisMarket = (seen: Decimal, live: Decimal | null): boolean =>
  live === null || (compare(multiply(seen, '2'), live) >= 0 && compare(seen, multiply(live, '2')) <= 0);
