import type { MarketView } from '@core/bus/market-view';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Instrument } from '@core/contracts/primitives';
import { refusalText } from '@core/tradingview/translate/words';
import type { TradedAccount } from '../accounts/traders.ts';
import { Refused } from '../refused.ts';

/** What an account's venue says of an instrument; throws `Refused` where it has none of that name, or said nothing yet. */
export function specOf(market: MarketView, { venue }: TradedAccount, instrument: Instrument): InstrumentSpec {
  const spec = market.instrument(venue, instrument);
  if (spec === 'unavailable') throw new Refused(refusalText('instruments-unavailable'));
  if (spec === 'unknown') throw new Refused(refusalText('unknown-instrument'));
  return spec;
}
