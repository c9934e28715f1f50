import type { EventBody } from '@core/contracts/event';
import type { Signal } from '@core/contracts/events/signal';
import type { Consents } from '@core/contracts/integration-consent';
import type { DecidedPolicies } from '@core/contracts/integration-policy';
import { strategyKey } from '@core/contracts/strategy-key';
import { err, ok, type Result } from '@core/kernel/result';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, recordAndRefuse, refuse, type Decide } from './decision.ts';
import { isBeforeOpening } from './half-done.ts';
import { isWithdrawn } from './integration.ts';
import { remembers } from './recent.ts';
import type { Requests } from './request.ts';
import { isSignalInShadow, shadowed } from './shadow.ts';
import { openLeg, SIGNAL_REQUESTS_MAX } from './signal-leg.ts';
import { saidToSender } from './signal-refusal.ts';
import { cannotOpen, type OpenSignal, type Strategies, type Strategy } from './strategy.ts';

interface Known {
  readonly requests: Requests;
  readonly consents: Consents;
  readonly strategies: Strategies;
  readonly policies: DecidedPolicies;
}

type Whose = Pick<Signal, 'signalId' | 'integrationId' | 'strategyId'>;
type Reason = NonNullable<OpenSignal['halfDone']>;

/**
 * The close leg of a signal is done, by whomever: its open leg is judged as things are now, its age included unless an
 * operator resumed it. What refuses the open leg leaves the signal half done.
 */
export const continueSignal: Decide<'ContinueSignal', Known> = (known, { commandid, data }, at) => {
  const open = openSignal(known.strategies, data);
  if (!open.ok) return refuse(open.error);
  const { strategy, signal } = open.value;
  const isWaiting = isBeforeOpening(signal) && cannotOpen(strategy) === null;
  if (!isWaiting || signal.requestIds.length >= SIGNAL_REQUESTS_MAX) return refuse('signal-not-waiting');

  const opening = { ...signal, ...whoseOf(data) };
  if (signal.isOvertaken) return recordAndRefuse('signal-not-waiting', refused(data, OVERTAKEN));
  if (isWithdrawn(known.consents, opening)) return recordAndRefuse('integration-withdrawn', refused(data, WITHDRAWN));
  const maxAgeMs = signal.isResumed ? Infinity : data.maxAgeMs;
  const leg = openLeg(commandid, opening, { order: data.order, maxAgeMs }, strategy, at);
  if (!leg.ok) return recordAndRefuse(leg.error, ...halfDone(data, signal, saidToSender(leg.error)));
  const isShadow = isSignalInShadow(opening, known.policies, at);
  return record(...(isShadow ? [shadowed(opening, strategy, leg.value[0], at)] : leg.value));
};

/** An operator decides that a position is to be opened after all. */
export const resumeSignal: Decide<'ResumeSignal', Pick<Known, 'strategies'>> = ({ strategies }, { data }) => {
  const open = openSignal(strategies, data);
  if (!open.ok) return refuse(open.error);
  const { strategy, signal } = open.value;
  if (signal.isResumed && isBeforeOpening(signal)) return nothing;
  if (signal.halfDone === null || signal.isOvertaken || cannotOpen(strategy) !== null)
    return refuse('signal-not-waiting');
  return record({ type: 'SignalResumed', data });
};

/** An operator has seen to what is half done: why it came to nothing stays what its sender hears. */
export const dismissSignal: Decide<'DismissSignal', Pick<Known, 'strategies'>> = ({ strategies }, { data }) => {
  const open = openSignal(strategies, data);
  if (!open.ok) return refuse(open.error);
  return open.value.signal.halfDone === null ? refuse('signal-not-waiting') : record({ type: 'SignalDismissed', data });
};

/**
 * What the signal came to, as its edge read it from the events.
 * A timeout is not a rejection: while a request of it is open the signal may be unknown, and cannot be refused.
 * Unknown is no end: it may be settled later, and meanwhile another signal may follow.
 */
export const settleSignal: Decide<'SettleSignal', Known> = ({ strategies, requests }, { data }) => {
  const open = openSignal(strategies, data);
  if (!open.ok) return refuse(open.error);
  const { strategy, signal } = open.value;
  const { outcome } = data;
  const whose = whoseOf(data);
  const isClosed = isBeforeOpening(signal) && strategy.positions.length === 0;
  const step = isClosed ? 'open' : signal.leg;

  switch (outcome.result) {
    case 'executed':
      if (isBeforeOpening(signal)) return refuse('signal-not-waiting');
      return record({
        type: 'SignalExecuted',
        data: { ...whose, requestIds: [...signal.requestIds], superseded: false },
      });
    case 'refused': {
      if (signal.requestIds.some((id) => requests.open[id])) return refuse('request-in-flight');
      const { reason, text } = outcome;
      const mayOpen = signal.hasClosed && step === 'open' && !signal.isOvertaken && cannotOpen(strategy) === null;
      if (mayOpen && reason !== WITHDRAWN.reason) return record(...halfDone(data, signal, { reason, text }));
      return record({ type: 'SignalRefused', data: { ...whose, step, reason, text } });
    }
    case 'unknown':
      return signal.isUnknown || signal.halfDone
        ? nothing
        : record({ type: 'SignalOutcomeUnknown', data: { ...whose, step } });
    default:
      return unreachable(outcome);
  }
};

const OVERTAKEN: Reason = { reason: 'not-executed', text: 'overtaken' };
const WITHDRAWN: Reason = { reason: 'integration-withdrawn', text: null };

const whoseOf = ({ signalId, integrationId, strategyId }: Whose): Whose => ({ signalId, integrationId, strategyId });

const refused = (whose: Whose, why: Reason): EventBody => ({
  type: 'SignalRefused',
  data: { ...whoseOf(whose), step: 'open', ...why },
});

/** Said once: it stays half done, and why it first was so is what its sender hears. */
const halfDone = (whose: Whose, signal: OpenSignal, why: Reason): EventBody[] =>
  signal.halfDone ? [] : [{ type: 'SignalHalfDone', data: { ...whoseOf(whose), ...why } }];

function openSignal(
  strategies: Strategies,
  whose: Whose,
): Result<{ strategy: Strategy; signal: OpenSignal }, 'unknown-signal' | 'signal-not-waiting'> {
  const strategy = strategies.byKey[strategyKey(whose)];
  const signal = strategy?.signals.find(({ signalId }) => signalId === whose.signalId);
  if (strategy && signal) return ok({ strategy, signal });
  return err(remembers(strategies.settled, whose.signalId) ? 'signal-not-waiting' : 'unknown-signal');
}
