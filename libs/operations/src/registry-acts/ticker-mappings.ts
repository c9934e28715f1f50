import type { TickerMapping } from '@core/contracts/ticker-mapping';
import { isPositive, parseDecimal } from '@core/kernel/decimal';
import { AskedWrongly } from '../asked-wrongly.ts';

/** Tickers as an operator maps them: `XAUUSD=GOLD`, or `XAUUSD=GOLD:0.01` for units per quantity. Throws `AskedWrongly`. */
export const tickersOf = (mappings: readonly string[]): Record<string, TickerMapping> =>
  Object.fromEntries(mappings.map(mappingOf));

function mappingOf(text: string): [ticker: string, mapping: TickerMapping] {
  const [, ticker, instrument, units = '1'] = /^([^=\s]{1,64})=([^:\s]{1,64})(?::(.+))?$/.exec(text) ?? [];
  const unitsPerQuantity = parseDecimal(units);
  if (!ticker || !instrument)
    throw new AskedWrongly(`${text} is no mapping: TICKER=INSTRUMENT or TICKER=INSTRUMENT:UNITS`);
  if (unitsPerQuantity === null || !isPositive(unitsPerQuantity))
    throw new AskedWrongly(`${units} in ${text} is no number above zero`);
  return [ticker, { instrument, unitsPerQuantity }];
}
