import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import { pointsOf } from '@core/contracts/market/point';
import { isReached } from '@core/contracts/market/trigger';
import { closingPrice } from '@core/contracts/market/valuation';
import type { RejectionReason } from '@core/contracts/events/request';
import type { Decimal, Side } from '@core/contracts/primitives';
import { compare, isMultipleOf, isPositive, subtract } from '@core/kernel/decimal';
import type { PaperOrder, PaperPosition } from './account.ts';
import type { PaperMarket } from './paper-market.ts';
import type { PaperOrderRequest } from './request.ts';

type Levels = Pick<PaperPosition, 'stopLoss' | 'takeProfit' | 'trailingPoints'>;

const NO_LEVELS: Levels = { stopLoss: null, takeProfit: null, trailingPoints: null };

/** Why an order is not taken, money aside; null takes it. */
export function orderRefusal(
  request: PaperOrderRequest,
  spec: InstrumentSpec,
  market: PaperMarket,
): RejectionReason | null {
  const { instrument, side, kind, volumeLots, price } = request;
  if (!spec.tradable) return 'instrument-disabled';
  if (side === 'sell' && !spec.shortable) return 'short-selling-not-allowed';
  const quote = market.quote(instrument);
  if (quote === null) return 'off-quotes';
  if (kind === 'market' && market.live(instrument) === null) return market.refusal(instrument);
  const volume = volumeRejection(volumeLots, spec);
  if (volume !== null) return volume;
  if (kind === 'market') return levelsRefusal(side, closingPrice(side, quote), request, NO_LEVELS, spec);
  return price === null ? 'invalid-price' : pendingRefusal({ ...request, kind, price }, null, quote, spec);
}

/** Of a limit or stop order, new or changed: only what changes is looked at. */
export function pendingRefusal(
  wanted: Pick<PaperOrder, 'side' | 'kind' | 'price' | 'stopLoss' | 'takeProfit' | 'trailingPoints'>,
  standing: PaperOrder | null,
  quote: Quote,
  spec: InstrumentSpec,
): RejectionReason | null {
  const moved = wanted.price !== standing?.price;
  if (moved && (!isMultipleOf(wanted.price, spec.tickSize) || isReached(wanted, quote))) return 'invalid-price';
  const { trailingPoints } = standing ?? NO_LEVELS;
  const before = moved || !standing ? { ...NO_LEVELS, trailingPoints } : standing;
  return levelsRefusal(wanted.side, wanted.price, wanted, before, spec);
}

/**
 * Levels lie on their own side of a price, no nearer than the instrument lets them, and follow it where it lets them; ones
 * that stay as they are, stay.
 */
export function levelsRefusal(
  side: Side,
  from: Decimal,
  { stopLoss, takeProfit, trailingPoints }: Levels,
  standing: Levels,
  { tickSize, stopsLevelPoints, trailingStops, contract: { digits } }: InstrumentSpec,
): RejectionReason | null {
  const least = pointsOf(stopsLevelPoints, digits);
  const isWrong = (level: Decimal | null, before: Decimal | null, isBelow: boolean): boolean => {
    if (level === null || level === before) return false;
    const room = isBelow ? subtract(from, level) : subtract(level, from);
    return !isMultipleOf(level, tickSize) || !isPositive(room) || compare(room, least) < 0;
  };
  if (!trailingStops && trailingPoints !== null && trailingPoints !== standing.trailingPoints)
    return 'invalid-protection';
  const isLong = side === 'buy';
  const wrong = isWrong(stopLoss, standing.stopLoss, isLong) || isWrong(takeProfit, standing.takeProfit, !isLong);
  return wrong ? 'invalid-protection' : null;
}

export function volumeRejection(lots: Decimal, spec: InstrumentSpec): RejectionReason | null {
  if (compare(lots, spec.minLots) < 0) return 'volume-too-low';
  if (compare(lots, spec.maxLots) > 0) return 'volume-too-high';
  return isMultipleOf(lots, spec.stepLots) ? null : 'volume-not-multiple-of-step';
}
