import type { TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { divide, isMultipleOf, multiply, toNumber, type DecimalText } from '@core/kernel/decimal';
import { TvZone, type SymbolInfoAnswer } from '../wire/feed.ts';
import { symbolTypes } from './market.ts';
import { sessionString } from './session-string.ts';

/** A pip of a currency pair is ten of its smallest movements; elsewhere spreads are shown in ticks. */
const PAIR_MOVEMENTS = 10;

/** An instrument as it can be told to TradingView. */
export interface OfferedSymbol {
  readonly spec: InstrumentSpec;
  readonly zone: TvZone;
  readonly session: string;
  /** What users see: our own key, in the letters that TradingView knows. Requests bear the ticker, which is the key. */
  readonly symbol: string;
}

interface Described {
  readonly spec: InstrumentSpec;
  readonly hours: TradingHours;
}

/**
 * Those that can be told, by their names. Left out: whose key holds a comma, who is never open, whose clock TradingView
 * does not know, and whose symbol another one has.
 */
export function offeredSymbols(described: readonly Described[]): OfferedSymbol[] {
  const bySymbol = new Map<string, OfferedSymbol>();
  for (const { spec, hours } of described.toSorted(byKey)) {
    const symbol = spec.instrument.toUpperCase().replace(/[^A-Z0-9._]/g, '_');
    const [session, zone] = [sessionString(hours.trading), zoneOf(hours.zone)];
    if (session === null || zone === null || spec.instrument.includes(',') || bySymbol.has(symbol)) continue;
    bySymbol.set(symbol, { spec, zone, session, symbol });
  }
  return [...bySymbol.values()];
}

/** All symbols of a group, or of the venue. */
export function translateSymbolInfo(offered: readonly OfferedSymbol[], exchange: string): SymbolInfoAnswer {
  const of = <Value>(column: (row: OfferedSymbol) => Value): Value[] => offered.map(column);
  return {
    s: 'ok',
    symbol: of(({ symbol }) => symbol),
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
    timezone: of(({ zone }) => zone),
    'session-regular': of(({ session }) => session),
    'bar-source': of(() => 'bid'),
    'bar-transform': of(() => 'none'),
  };
}

const byKey = ({ spec: one }: Described, { spec: other }: Described): number =>
  one.instrument < other.instrument ? -1 : 1;

const UTC: readonly string[] = ['UTC', 'GMT', 'Etc/GMT', 'Etc/UCT'];

/** TradingView's name of a zone; null where it knows none. */
const zoneOf = (zone: string): TvZone | null =>
  UTC.includes(zone) ? 'Etc/UTC' : (TvZone.safeParse(zone).data ?? null);

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
