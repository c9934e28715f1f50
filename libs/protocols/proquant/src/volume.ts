import type { SignalOrder } from '@core/contracts/command';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Instrument, Decimal } from '@core/contracts/primitives';
import type { IntegrationPolicies } from '@core/contracts/integration-policy';
import type { TickerMapping } from '@core/contracts/ticker-mapping';
import { compare, divide, multiply, subtract } from '@core/kernel/decimal';

/**
 * Digits kept beyond those of the quantity where the division does not come out even.
 * A rounded volume must never land on a lot step: what is not a multiple in units has to stay none in lots.
 */
const EXTRA_DIGITS = 18;

/**
 * What ticker and quantity mean at the venue: units times the mapping, divided by the contract size.
 * 10 units of XAUUSD are 0.1 lot at 100 units a lot. Unless it is to be rounded down,
 * nothing is rounded to a step: a wrong size is refused later.
 * `null` where the ticker means nothing there; tickers are mapped in any case, and without a mapping are instruments of
 * the same name.
 */
export function signalOrderOf(
  { ticker, quantity }: { readonly ticker: string; readonly quantity: Decimal },
  tickers: Readonly<Record<string, TickerMapping>>,
  instruments: ReadonlyMap<Instrument, InstrumentSpec>,
  rounding: IntegrationPolicies['round_down'] = 'off',
): SignalOrder | null {
  const name = ticker.trim();
  const key = name.toUpperCase();
  const mapped = Object.entries(tickers).find(([each]) => each.toUpperCase() === key)?.[1];
  const spec = mapped ? instruments.get(mapped.instrument) : (instruments.get(name) ?? instruments.get(key));
  if (!spec) return null;
  const units = multiply(quantity, mapped?.unitsPerQuantity ?? '1');
  const volumeLots = lotsOf(units, spec.contract.contractSize);
  return {
    instrument: spec.instrument,
    volumeLots: rounding === 'on' ? roundedDown(volumeLots, spec.stepLots) : volumeLots,
  };
}

function roundedDown(lots: Decimal, step: Decimal): Decimal {
  const nearest = multiply(divide(lots, step, 0), step);
  return compare(nearest, lots) > 0 ? subtract(nearest, step) : nearest;
}

function lotsOf(units: Decimal, contractSize: Decimal): Decimal {
  const point = units.indexOf('.');
  return divide(units, contractSize, (point === -1 ? 0 : units.length - point - 1) + EXTRA_DIGITS);
}
