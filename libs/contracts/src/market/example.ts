import { eurusdTerms } from '../examples.ts';
import type { InstrumentSpec } from './instrument.ts';

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
  pipSize: '0.0001',
  marginPercent: '1',
  stopsLevelPoints: 0,
  swapLong: '-0.5',
  swapShort: '-0.2',
  swapUnit: 'points',
  tripleSwapDay: 3,
  tradable: true,
  ...parts,
});
