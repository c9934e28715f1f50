import type { RejectionReason } from '@core/contracts/events/request';
import type { ConversionRates } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Instrument } from '@core/contracts/primitives';

/** The other venue's market, as the exchange trades at it. `quote` and `rates` may be old: good enough to value by. */
export interface PaperMarket extends PricedMarket {
  instrument(instrument: Instrument): InstrumentSpec | null;
  /** Rates that its venue stands by: what is booked is converted by these. */
  readonly bookedRates: ConversionRates;
  /** Its quote while that may be traded at; null where it is too old, or nobody speaks for the venue any more. */
  live(instrument: Instrument): Quote | null;
  /** Why it is not live. */
  refusal(instrument: Instrument): Extract<RejectionReason, 'market-closed' | 'off-quotes' | 'instrument-disabled'>;
}
