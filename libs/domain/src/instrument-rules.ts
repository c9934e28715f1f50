import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Side, Decimal } from '@core/contracts/primitives';
import type { RefusalReason } from '@core/contracts/refusal';
import { compare, isMultipleOf } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import type { InstrumentLookup } from './decision.ts';

export type LookupRefusal = Extract<RefusalReason, 'unknown-instrument' | 'instruments-unavailable'>;
export type OfferRefusal = Extract<RefusalReason, 'instrument-not-tradable' | 'short-selling-not-allowed'>;
export type VolumeRefusal = Extract<
  RefusalReason,
  'volume-below-minimum' | 'volume-above-maximum' | 'volume-not-multiple-of-step'
>;
export type PriceRefusal = Extract<
  RefusalReason,
  'price-off-tick' | 'stop-loss-on-wrong-side' | 'take-profit-on-wrong-side'
>;
export type TrailingRefusal = Extract<RefusalReason, 'trailing-stop-not-allowed'>;

export function found(lookup: InstrumentLookup): Result<InstrumentSpec, LookupRefusal> {
  if (lookup === 'unknown') return err('unknown-instrument');
  if (lookup === 'unavailable') return err('instruments-unavailable');
  return ok(lookup);
}

/** Whether its broker lets anybody open on this side of an instrument now. */
export function offerRefusal(side: Side, { tradable, shortable }: InstrumentSpec): OfferRefusal | null {
  if (!tradable) return 'instrument-not-tradable';
  return side === 'sell' && !shortable ? 'short-selling-not-allowed' : null;
}

/** The least volume and its steps, which hold for orders and for closing a part. */
export function volumeRefusal(lots: Decimal, spec: InstrumentSpec): VolumeRefusal | null {
  if (!isMultipleOf(lots, spec.stepLots)) return 'volume-not-multiple-of-step';
  if (compare(lots, spec.minLots) < 0) return 'volume-below-minimum';
  if (compare(lots, spec.maxLots) > 0) return 'volume-above-maximum';
  return null;
}

/** One that stands already may stay and may end, whatever the instrument says by now; absent is as it is. */
export const trailingRefusal = (
  wanted: number | null | undefined,
  standing: number | null,
  { trailingStops }: InstrumentSpec,
): TrailingRefusal | null =>
  trailingStops || (wanted ?? null) === null || wanted === standing ? null : 'trailing-stop-not-allowed';

export interface OrderPrices {
  /** Trigger of a pending order. Null where the market decides: a market order, an open position. */
  readonly price: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
}

/**
 * Stop loss, trigger and take profit lie in this order for a buy and in the reverse for a sell, none equal to another.
 * Where the market decides, its side of the protective prices is the broker's to check; their own order is not.
 */
export function priceRefusal(
  side: Side,
  { price, stopLoss, takeProfit }: OrderPrices,
  spec: InstrumentSpec,
): PriceRefusal | null {
  for (const each of [price, stopLoss, takeProfit]) {
    if (each !== null && !isMultipleOf(each, spec.tickSize)) return 'price-off-tick';
  }
  if (!isInOrder(side, stopLoss, price)) return 'stop-loss-on-wrong-side';
  if (!isInOrder(side, price, takeProfit)) return 'take-profit-on-wrong-side';
  if (!isInOrder(side, stopLoss, takeProfit)) return 'stop-loss-on-wrong-side';
  return null;
}

function isInOrder(side: Side, worse: Decimal | null, better: Decimal | null): boolean {
  if (worse === null || better === null) return true;
  return side === 'buy' ? compare(worse, better) < 0 : compare(worse, better) > 0;
}
