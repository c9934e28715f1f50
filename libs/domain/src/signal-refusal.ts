import type { EventBody } from '@core/contracts/event';
import type { SignalRefusal } from '@core/contracts/events/signal';
import type { IntegrationId, SignalId } from '@core/contracts/primitives';
import type { PassingReason } from '@core/contracts/refusal';
import type { LimitRefusal } from './decision.ts';
import type { CloseLegRefusal, OpenLegRefusal } from './signal-leg.ts';

/** Ours to answer for, and it passes: not recorded, for nothing was done, and the same signal may be sent again. */
export type UnrecordedRefusal =
  | LimitRefusal
  | Extract<
      PassingReason,
      'request-in-flight' | 'instruments-unavailable' | 'trading-halted' | 'close-only' | 'duplicate-order'
    >;

export type FinalRefusal = Exclude<
  OpenLegRefusal | CloseLegRefusal | 'integration-withdrawn' | 'position-not-found',
  UnrecordedRefusal
>;

export const isUnrecorded = (reason: FinalRefusal | UnrecordedRefusal): reason is UnrecordedRefusal =>
  typeof reason !== 'string' || !(reason in toSender);

/** The record of a refused signal. */
export function signalRefused(
  { signalId, integrationId, strategyId }: { signalId: SignalId; integrationId: IntegrationId; strategyId: string },
  step: EventBody<'SignalRefused'>['data']['step'],
  refusal: FinalRefusal,
): EventBody<'SignalRefused'> {
  return { type: 'SignalRefused', data: { signalId, integrationId, strategyId, step, ...saidToSender(refusal) } };
}

/** A refusal in the words of the signal's sender; where they say less than ours, ours stand beside. */
export function saidToSender(refusal: FinalRefusal | UnrecordedRefusal): {
  reason: SignalRefusal;
  text: string | null;
} {
  if (isUnrecorded(refusal))
    return { reason: 'not-executed', text: typeof refusal === 'string' ? refusal : refusal.reason };
  const reason = toSender[refusal];
  return { reason, text: reason === refusal ? null : refusal };
}

const toSender: Readonly<Record<FinalRefusal, SignalRefusal>> = {
  'integration-withdrawn': 'integration-withdrawn',
  'unknown-ticker': 'unknown-ticker',
  'unknown-instrument': 'unknown-ticker',
  'instrument-not-tradable': 'market-closed',
  'short-selling-not-allowed': 'unknown-ticker',
  'position-already-exists': 'position-already-exists',
  'position-not-found': 'position-not-found',
  'volume-not-multiple-of-step': 'volume-not-multiple-of-step',
  'volume-below-minimum': 'volume-below-minimum',
  'volume-above-maximum': 'volume-above-maximum',
  'trading-disabled': 'trading-disabled',
  'too-old': 'too-old',
  // A market order without protective prices cannot meet these.
  'price-required': 'not-executed',
  'price-not-allowed': 'not-executed',
  'price-off-tick': 'not-executed',
  'stop-loss-on-wrong-side': 'not-executed',
  'trailing-stop-not-allowed': 'not-executed',
  'take-profit-on-wrong-side': 'not-executed',
  'expiry-in-the-past': 'not-executed',
};
