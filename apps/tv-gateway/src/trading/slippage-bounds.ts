import { MarketView } from '@core/bus/market-view';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { isWorseThan, worstPriceOf } from '@core/contracts/market/slippage';
import { openingPrice } from '@core/contracts/market/valuation';
import type { Decimal, Instrument, Side } from '@core/contracts/primitives';
import { compare, multiply, parseDecimal } from '@core/kernel/decimal';
import { refusalText } from '@core/tradingview/translate/words';
import { Injectable } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { SlippageSettings } from '../config.ts';
import { Refused } from '../refused.ts';

const ENTRY = /^([^=]{1,130})=(\d{1,2}(?:\.\d{1,6})?)$/;
const EVERYWHERE = '*';
/** Where nothing is said of everywhere. */
const DEFAULT_PERCENT: Decimal = '0.5';

/** What a user wants at the market, and what they saw of it. */
export interface MarketOrder {
  readonly side: Side;
  readonly seen: Decimal | null;
}

/** How far the price of a market order may slip, by account, instrument and venue. */
@Injectable()
export class SlippageBounds {
  private readonly percents: ReadonlyMap<string, Decimal>;

  constructor(
    { bounds }: SlippageSettings,
    private readonly market: MarketView,
  ) {
    this.percents = new Map(bounds.map(entryOf));
  }

  /**
   * The worst price that the order may meet. Throws `Refused` where the live price is beyond it already, and where
   * neither the user nor the market has named a price.
   */
  worstPrice(account: TradedAccount, { instrument, contract }: InstrumentSpec, { side, seen }: MarketOrder): Decimal {
    const live = this.livePrice(account, instrument, side);
    const reference = seen !== null && isOfThisMarket(seen, live) ? seen : live;
    if (reference === null) throw new Refused(refusalText('price-unknown'));
    const worst = worstPriceOf(side, reference, this.percentOf(account, instrument), contract);
    this.require(account, instrument, side, worst);
    return worst;
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

  private percentOf({ id, venue }: TradedAccount, instrument: Instrument): Decimal {
    const scopes = [id, `${venue}/${instrument}`, venue, EVERYWHERE];
    return scopes.map((scope) => this.percents.get(scope)).find((percent) => percent !== undefined) ?? DEFAULT_PERCENT;
  }
}

/** A client that fills the field with any number has seen no price: no market halves or doubles while a user looks. */
const isOfThisMarket = (seen: Decimal, live: Decimal | null): boolean =>
  live === null || (compare(multiply(seen, '2'), live) >= 0 && compare(seen, multiply(live, '2')) <= 0);

function entryOf(text: string): [string, Decimal] {
  const [, scope, number = ''] = ENTRY.exec(text) ?? [];
  const percent = parseDecimal(number);
  if (scope === undefined || percent === null)
    throw new Error(`SLIPPAGE_BOUNDS must be a list of SCOPE=PERCENT below 100, not ${text}`);
  return [scope, percent];
}
