import type { EventBody } from '@core/contracts/event';
import type { SignalOrigin } from '@core/contracts/events/request';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Signal } from '@core/contracts/events/signal';
import type { Uuid } from '@core/contracts/primitives';
import type { RefusalReason } from '@core/contracts/refusal';
import { toMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { err, ok, type Result } from '@core/kernel/result';
import { uuidV5 } from '@core/kernel/uuid';
import type { SignalOrder } from '@core/contracts/command';
import type { Circumstances, LimitRefusal } from './decision.ts';
import { found, offerRefusal, volumeRefusal, type OfferRefusal, type VolumeRefusal } from './instrument-rules.ts';
import { allowOrder, requestOrder, type OrderRefusal } from './order.ts';
import { requestClose, type Positions } from './position.ts';
import { isBeingWithdrawn, type Requests } from './request.ts';
import { restrictionOn, type RiskRefusal } from './risk.ts';
import { cannotOpen, type Strategy, type StrategyRefusal } from './strategy.ts';

/** The parts of a signal that its open leg needs. */
export type Opening = SignalOrigin & Pick<Signal, 'side' | 'sentAt'>;

type SupportRefusal = Extract<RefusalReason, 'unknown-ticker' | 'unknown-instrument' | 'instruments-unavailable'>;
export type OpenLegRefusal = SupportRefusal | OrderRefusal | LimitRefusal | StrategyRefusal | 'too-old';
export type CloseLegRefusal = RiskRefusal | 'request-in-flight';

export const SIGNAL_REQUESTS_MAX = 8;

/** Whether the signal names something that there is here at all. */
function supported(
  order: SignalOrder | null,
  at: Circumstances,
): Result<SignalOrder & { readonly spec: InstrumentSpec }, SupportRefusal> {
  if (order === null) return err('unknown-ticker');
  const spec = found(at.instrument(order.instrument));
  return spec.ok ? ok({ ...order, spec: spec.value }) : spec;
}

/**
 * What can be known of a new position before the old one is closed for it, the limits that hold once it is included.
 * What else there is, its open leg is told: where only closing is allowed, it is closed.
 */
export function refusedAhead(
  order: SignalOrder | null,
  { side }: Pick<Signal, 'side'>,
  { positions: [closes] }: Strategy,
  at: Circumstances,
): SupportRefusal | OfferRefusal | VolumeRefusal | LimitRefusal | null {
  const known = supported(order, at);
  if (!known.ok) return known.error;
  const { spec, instrument, volumeLots } = known.value;
  const opening = { instrument, side, volumeLots, price: null, ...(closes !== undefined && { closes }) };
  return offerRefusal(side, spec) ?? volumeRefusal(volumeLots, spec) ?? at.limitOn(opening, spec);
}

export const isTooOld = ({ sentAt }: Pick<Signal, 'sentAt'>, maxAgeMs: number, { now }: Circumstances): boolean =>
  toMs(now) - toMs(sentAt) > maxAgeMs;

/** An order at market for the one position of a strategy. A late entry would trade another market, so age counts. */
export function openLeg(
  orderId: Uuid,
  signal: Opening,
  asked: { readonly order: SignalOrder | null; readonly maxAgeMs: number },
  strategy: Strategy,
  at: Circumstances,
): Result<readonly EventBody<'OrderRequested'>[], OpenLegRefusal> {
  if (isTooOld(signal, asked.maxAgeMs, at)) return err('too-old');
  const order = supported(asked.order, at);
  if (!order.ok) return order;
  const taken = cannotOpen(strategy);
  if (taken) return err(taken);

  const { spec: _, ...asOrdered } = order.value;
  const terms = {
    ...asOrdered,
    side: signal.side,
    kind: 'market',
    price: null,
    stopLoss: null,
    takeProfit: null,
    expiresAt: null,
    requester: requesterOf(signal),
    signal: originOf(signal),
  } as const;
  const allowed = allowOrder(terms, at);
  return allowed.ok ? ok([requestOrder(orderId, terms, allowed.value)]) : allowed;
}

/**
 * All that the strategy holds, whatever ticker and quantity the signal names: it has no more than one position.
 * A late exit still reduces risk, so age does not count.
 */
export function closeLeg(
  requestId: Uuid,
  signal: SignalOrigin,
  strategy: Strategy,
  { positions, requests }: { readonly positions: Positions; readonly requests: Requests },
  at: Circumstances,
): Result<readonly EventBody<'CloseRequested'>[], CloseLegRefusal> {
  const restriction = restrictionOn('reduce', false, at.restrictions);
  if (restriction) return err(restriction);
  if (strategy.positions.some((id) => isBeingWithdrawn(requests, id))) return err('request-in-flight');

  const closes = strategy.positions.slice(0, SIGNAL_REQUESTS_MAX).map((positionId, index) => {
    const { volumeLots } = present(positions.open[positionId], `${positionId} is held and not open`);
    const id = index === 0 ? requestId : uuidV5(requestId, positionId);
    return requestClose(id, positionId, volumeLots, requesterOf(signal), originOf(signal));
  });
  return ok(closes);
}

const originOf = ({ signalId, integrationId, strategyId, externalPositionId }: SignalOrigin): SignalOrigin => ({
  signalId,
  integrationId,
  strategyId,
  externalPositionId,
});

/** As whom a signal asks. */
export const requesterOf = ({ signalId }: Pick<SignalOrigin, 'signalId'>) =>
  ({ edge: 'proquant-webhook', reference: signalId }) as const;
