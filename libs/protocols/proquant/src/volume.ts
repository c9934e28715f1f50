import type { SignalOrder } from '@core/contracts/command';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Instrument, Decimal } from '@core/contracts/primitives';
import type { TickerMapping } from '@core/contracts/ticker-mapping';
import { divide, isPositive, multiply } from '@core/kernel/decimal';

/**
 * Digits kept beyond those of the quantity where the division does not come out even.
 * A rounded volume must never land on a lot step: what is not a multiple in units has to stay none in lots.
 */
const EXTRA_DIGITS = 18;

/**
 * What ticker and quantity mean at the venue: units times the mapping, divided by the contract size.
 * 10 units of XAUUSD are 0.1 lot at 100 units a lot. Nothing is rounded to a step: a wrong size is refused later.
 * `null` where the ticker means nothing there; tickers without a mapping are instruments of the same name.
 */
export function signalOrderOf(
  { ticker, quantity }: { readonly ticker: string; readonly quantity: Decimal },
  tickers: Readonly<Record<string, TickerMapping>>,
  instruments: ReadonlyMap<Instrument, InstrumentSpec>,
): SignalOrder | null {
  const key = ticker.trim().toUpperCase();
  const mapping = tickers[key] ?? { instrument: key, unitsPerQuantity: '1' };
  const spec = instruments.get(mapping.instrument);
  if (!spec || !isPositive(quantity)) return null;
  const units = multiply(quantity, mapping.unitsPerQuantity);
  return { instrument: spec.instrument, volumeLots: lotsOf(units, spec.contract.contractSize) };
}

function lotsOf(units: Decimal, contractSize: Decimal): Decimal {
  const point = units.indexOf('.');
  return divide(units, contractSize, (point === -1 ? 0 : units.length - point - 1) + EXTRA_DIGITS);
}
