import { InstrumentSpec, type SwapUnit } from '@core/contracts/market/instrument';
import { pointsOf } from '@core/contracts/market/point';
import type { Decimal, Venue } from '@core/contracts/primitives';
import { fromNumber, isPositive, multiply } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import { SwapType } from '../wire/enums.ts';
import { SymbolRecord } from '../wire/market-record.ts';
import { boundedText, Digits } from './bounds.ts';

/** Only what a specification is made of is checked; the rest of the record may come and go. */
const Fields = SymbolRecord.pick({
  symbol: true,
  description: true,
  categoryName: true,
  contractSize: true,
  currency: true,
  currencyPair: true,
  currencyProfit: true,
  leverage: true,
  lotMin: true,
  lotMax: true,
  lotStep: true,
  tickSize: true,
  stopsLevel: true,
  swapLong: true,
  swapShort: true,
}).extend({
  precision: Digits,
  pipsPrecision: SymbolRecord.shape.pipsPrecision.nullish(),
  swapType: SymbolRecord.shape.swapType.nullish(),
  swap_rollover3days: SymbolRecord.shape.swap_rollover3days.nullish(),
  longOnly: SymbolRecord.shape.longOnly.nullish(),
  shortSelling: SymbolRecord.shape.shortSelling.nullish(),
  trailingEnabled: SymbolRecord.shape.trailingEnabled.nullish(),
});

const CATEGORIES: Readonly<Record<string, InstrumentSpec['category']>> = {
  FX: 'forex',
  FOREX: 'forex',
  IND: 'index',
  INDICES: 'index',
  CMD: 'commodity',
  COMMODITIES: 'commodity',
  CRT: 'crypto',
  CRYPTO: 'crypto',
  STC: 'stock',
  STOCKS: 'stock',
  ETF: 'stock',
};

const SWAP_UNITS: Readonly<Record<number, SwapUnit>> = {
  [SwapType.points]: 'points',
  [SwapType.currencyPerLot]: 'quote-currency',
  [SwapType.interest]: 'percent-a-year',
  [SwapType.marginCurrency]: 'margin-currency',
};

/** Theirs begins with Monday = 0. */
const TRIPLE_DAYS: Readonly<Record<number, number>> = { 0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7 };

const TEXT_MAX = 512;

/** SYMBOL_RECORD (seed §5.1) as our specification; an error names the symbol and what is missing. */
export function translateSymbol(venue: Venue, data: unknown): Result<InstrumentSpec, string> {
  const record = Fields.safeParse(data);
  if (!record.success) return err(`a symbol cannot be read: ${z.prettifyError(record.error).slice(0, TEXT_MAX)}`);
  const { symbol, precision, currencyPair, tickSize } = record.data;
  const point = pointsOf(1, precision);
  const tick = tickSize === null || tickSize <= 0 ? point : fromNumber(tickSize);
  const spec: InstrumentSpec = {
    venue,
    instrument: symbol,
    description: boundedText(record.data.description) ?? '',
    category: CATEGORIES[record.data.categoryName.toUpperCase()] ?? (currencyPair ? 'forex' : 'other'),
    contract: {
      contractSize: fromNumber(record.data.contractSize),
      baseCurrency: record.data.currency,
      quoteCurrency: record.data.currencyProfit,
      digits: precision,
      pipSize: currencyPair ? pipOf(record.data.pipsPrecision, tick) : tick,
    },
    marginCurrency: record.data.currency,
    minLots: fromNumber(record.data.lotMin),
    maxLots: fromNumber(record.data.lotMax),
    stepLots: fromNumber(record.data.lotStep),
    tickSize: tick,
    marginPercent: fromNumber(record.data.leverage),
    stopsLevelPoints: record.data.stopsLevel,
    swapLong: fromNumber(record.data.swapLong),
    swapShort: fromNumber(record.data.swapShort),
    swapUnit: SWAP_UNITS[record.data.swapType ?? NaN] ?? null,
    tripleSwapDay: TRIPLE_DAYS[record.data.swap_rollover3days ?? NaN] ?? null,
    tradable: true,
    shortable: record.data.longOnly !== true && record.data.shortSelling !== false,
    trailingStops: record.data.trailingEnabled !== false,
  };
  const fit = InstrumentSpec.safeParse(spec);
  return fit.success ? ok(fit.data) : err(`${symbol}: ${z.prettifyError(fit.error).slice(0, TEXT_MAX)}`);
}

function pipOf(pipsPrecision: number | null | undefined, tick: Decimal): Decimal {
  const digits = Digits.safeParse(pipsPrecision);
  const pip = digits.success ? pointsOf(1, digits.data) : multiply(tick, '10');
  return isPositive(pip) ? pip : tick;
}
