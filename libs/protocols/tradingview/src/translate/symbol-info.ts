import type { TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { divide, isMultipleOf, multiply, toNumber, type DecimalText } from '@core/kernel/decimal';
import type { SymbolInfoAnswer } from '../wire/feed.ts';
import { symbolTypes } from './market.ts';
import { sessionString } from './session-string.ts';

/** A pip of a currency pair is ten of its smallest movements; elsewhere spreads are shown in ticks. */
const PAIR_MOVEMENTS = 10;

interface Offered {
  readonly spec: InstrumentSpec;
  readonly hours: TradingHours;
}

/** What users see: our own key, in the letters that TradingView knows. Requests bear the ticker, which is the key. */
export const symbolOf = (instrument: string): string => instrument.toUpperCase().replace(/[^A-Z0-9._]/g, '_');

/** Null where an instrument cannot be told: its key holds a comma, or it is never open. */
export function translateSymbolInfo(offered: readonly Offered[], exchange: string): SymbolInfoAnswer {
  const told = offered.flatMap(({ spec, hours }) => {
    const session = sessionString(hours.trading);
    return session === null || spec.instrument.includes(',') ? [] : [{ spec, hours, session }];
  });
  const of = <Value>(column: (row: (typeof told)[number]) => Value): Value[] => told.map(column);
  return {
    s: 'ok',
    symbol: of(({ spec }) => symbolOf(spec.instrument)),
    ticker: of(({ spec }) => spec.instrument),
    description: of(({ spec }) => spec.description),
    currency: of(({ spec }) => isoOf(spec.contract.quoteCurrency)),
    'base-currency': of(({ spec }) => (spec.category === 'forex' ? isoOf(spec.contract.baseCurrency) : null)),
    'exchange-listed': of(() => exchange),
    'exchange-traded': of(() => exchange),
    minmovement: of(({ spec }) => scaleOf(spec).movement),
    minmovement2: of(({ spec }) => (spec.category === 'forex' ? PAIR_MOVEMENTS : 0)),
    pricescale: of(({ spec }) => scaleOf(spec).scale),
    'has-intraday': of(() => true),
    'has-daily': of(() => true),
    type: of(({ spec }) => symbolTypes[spec.category].type),
    typespecs: of(({ spec }) => symbolTypes[spec.category].typespecs ?? null),
    'is-cfd': of(({ spec }) => symbolTypes[spec.category].typespecs?.includes('cfd') ?? false),
    'volume-type': of(() => 'tick'),
    timezone: of(({ hours }) => hours.zone),
    'session-regular': of(({ session }) => session),
    'bar-source': of(() => 'bid'),
    'bar-transform': of(() => 'none'),
  };
}

const isoOf = (currency: string): string | null => (/^[A-Z]{3}$/.test(currency) ? currency : null);

/** The tick as `movement / scale`, where the scale is a power of ten that holds every price. */
function scaleOf({ tickSize, contract: { digits } }: InstrumentSpec): {
  readonly movement: number;
  readonly scale: number;
} {
  let scale: DecimalText = `${10 ** digits}`;
  while (!isMultipleOf(multiply(tickSize, scale), '1')) scale = multiply(scale, '10');
  return { movement: toNumber(divide(multiply(tickSize, scale), '1')), scale: toNumber(scale) };
}
