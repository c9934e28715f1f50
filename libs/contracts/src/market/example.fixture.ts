import { eurusdTerms } from '../examples.fixture.ts';
import type { Decimal, Instant, Instrument } from '../primitives.ts';
import { ConversionRates } from './conversion.ts';
import type { InstrumentSpec } from './instrument.ts';
import type { Quote } from './quote.ts';
import type { PricedMarket } from './valuation.ts';

/** An instrument of the venue `demo`; EURUSD unless the test says otherwise. */
export const anInstrument = (parts: Partial<InstrumentSpec> = {}): InstrumentSpec => ({
  venue: 'demo',
  instrument: 'EURUSD',
  description: 'Euro to US dollar',
  category: 'forex',
  contract: eurusdTerms,
  marginCurrency: 'EUR',
  minLots: '0.01',
  maxLots: '100',
  stepLots: '0.01',
  tickSize: '0.00001',
  marginPercent: '1',
  stopsLevelPoints: 0,
  swapLong: '-0.5',
  swapShort: '-0.2',
  swapUnit: 'points',
  tripleSwapDay: 3,
  tradable: true,
  shortable: true,
  trailingStops: true,
  ...parts,
});

/** The pair of currencies that its name says, as `GBPJPY`. */
export const aPair = (instrument: Instrument, parts: Partial<InstrumentSpec> = {}): InstrumentSpec => {
  const [baseCurrency, quoteCurrency] = [instrument.slice(0, 3), instrument.slice(3)];
  const contract = { ...eurusdTerms, baseCurrency, quoteCurrency };
  return anInstrument({ instrument, description: instrument, contract, marginCurrency: baseCurrency, ...parts });
};

/** A market of these instruments at these prices; without a price an instrument is described and not quoted. */
export function aMarket(
  instruments: readonly InstrumentSpec[],
  prices: Readonly<Record<Instrument, readonly [bid: Decimal, ask: Decimal]>>,
  time: Instant = '2026-01-05T10:00:00.000000Z',
): PricedMarket {
  const quote = (instrument: Instrument): Quote | null => {
    const price = prices[instrument];
    return price ? { instrument, bid: price[0], ask: price[1], time, bids: [], asks: [] } : null;
  };
  return { rates: new ConversionRates(instruments, quote), quote };
}
