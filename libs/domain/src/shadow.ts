import type { EventBody } from '@core/contracts/event';
import type { ShadowTrade, Signal } from '@core/contracts/events/signal';
import type { Circumstances } from './decision.ts';
import type { Strategy } from './strategy.ts';

/** What a signal of an integration in shadow would have led to: it closes what would be held, and opens as ordered. */
export function shadowed(
  { signalId, integrationId, strategyId, externalPositionId }: Signal,
  { wouldHold }: Strategy,
  order: EventBody<'OrderRequested'> | undefined,
  at: Circumstances,
): EventBody<'SignalShadowed'> {
  const closes = wouldHold && { ...wouldHold, price: at.marketPrice('closing', wouldHold) };
  return {
    type: 'SignalShadowed',
    data: { signalId, integrationId, strategyId, closes, opens: order ? opens(order, externalPositionId, at) : null },
  };
}

function opens(
  { data: { instrument, side, volumeLots } }: EventBody<'OrderRequested'>,
  externalPositionId: string,
  at: Circumstances,
): ShadowTrade {
  const price = at.marketPrice('opening', { instrument, side });
  return { externalPositionId, instrument, side, volumeLots, price };
}
