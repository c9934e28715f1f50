import { convert, type ConversionRates } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { PriceState, Quote } from '@core/contracts/market/quote';
import type { Currency, Decimal } from '@core/contracts/primitives';
import { divide, toNumber } from '@core/kernel/decimal';
import type { TvAccount } from '../wire/account.ts';
import type { TvDepth, TvInstrument, TvQuote, TvSymbolType } from '../wire/market.ts';
import { unitsOf } from './quantity.ts';

export const symbolTypes: Readonly<Record<InstrumentSpec['category'], { type: TvSymbolType; typespecs?: string }>> = {
  forex: { type: 'forex' },
  index: { type: 'index', typespecs: 'cfd' },
  commodity: { type: 'commodity', typespecs: 'cfd' },
  crypto: { type: 'spot', typespecs: 'crypto,cfd' },
  stock: { type: 'stock', typespecs: 'cfd' },
  other: { type: 'spot', typespecs: 'cfd' },
};

/** The value of one pip for one unit, in account currency; null where no rate into it is known. */
export function pipValueOf(spec: InstrumentSpec, rates: ConversionRates, currency: Currency): Decimal | null {
  const rate = rates.rate(spec.contract.quoteCurrency, currency);
  return rate === null ? null : convert(spec.contract.pipSize, rate);
}

/**
 * Null where the pip value is not known: an order ticket that miscounts risk is worse than none. `ui` is what its order
 * dialog has instead of its account's. How near a protective price may come to the market is an amount at our brokers
 * and a share of the price in the document, so that no rule of the dialog says it: a preview does.
 */
export function translateInstrument(
  spec: InstrumentSpec,
  rates: ConversionRates,
  currency: Currency,
  ui: TvAccount['ui'] | null = null,
): TvInstrument | null {
  const pipValue = pipValueOf(spec, rates, currency);
  if (pipValue === null) return null;
  return {
    name: spec.instrument,
    description: spec.description,
    minQty: unitsOf(spec.minLots, spec.contract),
    maxQty: unitsOf(spec.maxLots, spec.contract),
    qtyStep: unitsOf(spec.stepLots, spec.contract),
    pipSize: toNumber(spec.contract.pipSize),
    pipValue: toNumber(pipValue),
    minTick: toNumber(spec.tickSize),
    marginRate: toNumber(divide(spec.marginPercent, '100')),
    ...(spec.category === 'crypto' && {
      baseCurrency: spec.contract.baseCurrency,
      quoteCurrency: spec.contract.quoteCurrency,
    }),
    ...symbolTypes[spec.category],
    ...(ui !== null && { ui }),
  };
}

/**
 * `pipValue` null leaves both pip values out. A stale price is an error with the last one known, because the document
 * wants prices even there; what is off is halted; a closed market is neither.
 */
export function translateQuote(
  { instrument, bid, ask }: Quote,
  state: PriceState,
  { pipValue, shortable }: { readonly pipValue: Decimal | null; readonly shortable: boolean },
): TvQuote {
  const value = pipValue === null ? null : toNumber(pipValue);
  return {
    s: state === 'stale' ? 'error' : 'ok',
    n: instrument,
    v: {
      ask: toNumber(ask),
      bid: toNumber(bid),
      ...(value !== null && { buyPipValue: value, sellPipValue: value }),
      ...(!shortable && { notShortable: true }),
      ...((state === 'off' || state === 'stale') && { halted: true }),
    },
  };
}

/** Levels of known volume, in units; both sides by ascending price, as the document asks. */
export function translateDepth({ bids, asks }: Quote, { contract }: InstrumentSpec): TvDepth {
  const levels = (side: Quote['bids']): [number, number][] =>
    side
      .flatMap(([price, lots]): [number, number][] =>
        lots === null || lots === '0' ? [] : [[toNumber(price), unitsOf(lots, contract)]],
      )
      .sort(([left], [right]) => left - right);
  return { asks: levels(asks), bids: levels(bids) };
}
