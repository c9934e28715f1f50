import type { EventBody } from '@core/contracts/event';
import type { Signal } from '@core/contracts/events/signal';
import type { SignalId } from '@core/contracts/primitives';
import { strategyKey } from '@core/contracts/strategy-key';
import { err, ok, type Result } from '@core/kernel/result';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, recordAndRefuse, refuse, type Decide, type Decision } from './decision.ts';
import { isWithdrawn, type Consents } from './integration.ts';
import type { Positions } from './position.ts';
import { remembers } from './recent.ts';
import type { Requests } from './request.ts';
import { closeLeg, openLeg, supported } from './signal-leg.ts';
import { isUnrecorded, signalRefused, type FinalRefusal, type UnrecordedRefusal } from './signal-refusal.ts';
import { cannotOpen, unheardOf, type OpenSignal, type Strategies, type Strategy } from './strategy.ts';

/** What signals are judged by. */
interface Known {
  readonly requests: Requests;
  readonly positions: Positions;
  readonly integrations: Consents;
  readonly strategies: Strategies;
}

/**
 * A strategy speaks. Its signals are taken one at a time, in the order of their arrival.
 * What is refused for good is recorded as refused. What is ours and passes (`isUnrecorded`) leaves no trace.
 * A request made here has the command's id.
 */
export const receiveSignal: Decide<'ReceiveSignal', Known> = (known, { commandid, data }, at) => {
  const { signal } = data;
  const strategy = known.strategies.byKey[strategyKey(signal)] ?? unheardOf();
  if (isReceived(known.strategies, strategy, signal.signalId)) return nothing;
  if (strategy.signals.at(-1)?.isUnknown === false) return refuse('request-in-flight');
  if (isWithdrawn(known.integrations, signal)) return received(signal, err('integration-withdrawn'));

  const isOvertaken = strategy.lastSentAt !== null && signal.sentAt < strategy.lastSentAt;
  const isHeld = strategy.externalPositionId === signal.externalPositionId;
  const wasHeld = remembers(strategy.closed, signal.externalPositionId);
  const open = () => openLeg(commandid, signal, data, strategy, at);
  const close = () => closeLeg(commandid, signal, strategy, known, at);

  switch (signal.kind) {
    case 'open':
      return isOvertaken || isHeld || wasHeld ? superseded(signal) : received(signal, open());

    case 'close':
      if (isOvertaken && !isHeld) return superseded(signal);
      if (strategy.opening !== null) return refuse('request-in-flight');
      if (strategy.positions.length > 0) return received(signal, close());
      return wasHeld ? superseded(signal) : received(signal, err('position-not-found'));

    case 'reopen': {
      if (isOvertaken) return superseded(signal);
      if (strategy.positions.length === 0) return received(signal, open());
      const order = supported(data.order, at);
      return received(signal, order.ok ? close() : order);
    }
    default:
      return unreachable(signal.kind);
  }
};

/** The close leg of a reopen is done, by whomever: its open leg is judged as things are now, its age included. */
export const continueSignal: Decide<'ContinueSignal', Known> = (known, { commandid, data }, at) => {
  const open = openSignal(known.strategies, data);
  if (!open.ok) return refuse(open.error);
  const { strategy, signal } = open.value;
  const isNewest = strategy.signals.at(-1) === signal;
  if (!isNewest || !isHalfDone(signal) || cannotOpen(strategy) !== null) return refuse('signal-not-waiting');

  const { integrationId, strategyId } = data;
  const opening = { ...signal, integrationId, strategyId };
  const leg = isWithdrawn(known.integrations, opening)
    ? err('integration-withdrawn' as const)
    : openLeg(commandid, opening, data, strategy, at);
  if (leg.ok) return record(...leg.value);
  if (isUnrecorded(leg.error)) return refuse(leg.error);
  return recordAndRefuse(leg.error, signalRefused(opening, 'open', leg.error));
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
  const { integrationId, strategyId, signalId, outcome } = data;
  const whose = { signalId, integrationId, strategyId };
  const step = isHalfDone(signal) && strategy.positions.length === 0 ? 'open' : signal.leg;

  switch (outcome.result) {
    case 'executed':
      if (isHalfDone(signal)) return refuse('signal-not-waiting');
      return record({
        type: 'SignalExecuted',
        data: { ...whose, requestIds: [...signal.requestIds], superseded: false },
      });
    case 'refused': {
      if (signal.requestIds.some((id) => requests.open[id])) return refuse('request-in-flight');
      const { reason, text } = outcome;
      return record({ type: 'SignalRefused', data: { ...whose, step, reason, text } });
    }
    case 'unknown':
      return signal.isUnknown ? nothing : record({ type: 'SignalOutcomeUnknown', data: { ...whose, step } });
    default:
      return unreachable(outcome);
  }
};

const isReceived = ({ settled }: Strategies, { signals }: Strategy, id: SignalId): boolean =>
  remembers(settled, id) || signals.some(({ signalId }) => signalId === id);

/** A reopen whose open leg has not been asked for. */
const isHalfDone = ({ kind, leg }: OpenSignal): boolean => kind === 'reopen' && leg === 'close';

function openSignal(
  strategies: Strategies,
  whose: Pick<Signal, 'signalId' | 'integrationId' | 'strategyId'>,
): Result<{ strategy: Strategy; signal: OpenSignal }, 'unknown-signal' | 'signal-not-waiting'> {
  const strategy = strategies.byKey[strategyKey(whose)];
  const signal = strategy?.signals.find(({ signalId }) => signalId === whose.signalId);
  if (strategy && signal) return ok({ strategy, signal });
  return err(remembers(strategies.settled, whose.signalId) ? 'signal-not-waiting' : 'unknown-signal');
}

function received(signal: Signal, leg: Result<readonly EventBody[], FinalRefusal | UnrecordedRefusal>): Decision {
  if (leg.ok) return record({ type: 'SignalReceived', data: { signal } }, ...leg.value);
  if (isUnrecorded(leg.error)) return refuse(leg.error);
  const refused = signalRefused(signal, 'signal', leg.error);
  return recordAndRefuse(leg.error, { type: 'SignalReceived', data: { signal } }, refused);
}

/** Already true, or overtaken by a later signal: nothing is to be done, and that is a success. */
function superseded(signal: Signal): Decision {
  const { signalId, integrationId, strategyId } = signal;
  return record(
    { type: 'SignalReceived', data: { signal } },
    { type: 'SignalExecuted', data: { signalId, integrationId, strategyId, requestIds: [], superseded: true } },
  );
}
