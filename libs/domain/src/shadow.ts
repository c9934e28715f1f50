import type { EventBody } from '@core/contracts/event';
import type { SignalOrigin } from '@core/contracts/events/request';
import type { ShadowTrade, Signal } from '@core/contracts/events/signal';
import { policiesOf, type DecidedPolicies } from '@core/contracts/integration-policy';
import type { Circumstances } from './decision.ts';
import { isInShadow } from './risk.ts';
import { requesterOf } from './signal-leg.ts';
import type { Strategy } from './strategy.ts';

/** Whether a signal is recorded and not traded: by its integration's policy, or because its account or edge is in shadow. */
export const isSignalInShadow = (
  signal: Pick<Signal, 'signalId' | 'integrationId'>,
  policies: DecidedPolicies,
  { restrictions }: Pick<Circumstances, 'restrictions'>,
): boolean =>
  policiesOf(policies, signal.integrationId).shadow === 'on' || isInShadow(requesterOf(signal), restrictions);

/** What a signal in shadow would have led to: it closes what would be held, and opens as ordered. */
export function shadowed(
  { signalId, integrationId, strategyId, externalPositionId }: SignalOrigin,
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
