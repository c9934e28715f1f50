import type { CommandBody } from '@core/contracts/command';
import type { EventBody } from '@core/contracts/event';
import type { Signal } from '@core/contracts/events/signal';
import type { Consents } from '@core/contracts/integration-consent';
import { policiesOf, type DecidedPolicies } from '@core/contracts/integration-policy';
import type { SignalId, Uuid } from '@core/contracts/primitives';
import { strategyKey } from '@core/contracts/strategy-key';
import { err, ok, type Result } from '@core/kernel/result';
import { unreachable } from '@core/kernel/unreachable';
import {
  nothing,
  record,
  recordAndRefuse,
  refuse,
  type Circumstances,
  type Decide,
  type Decision,
} from './decision.ts';
import { endHalfDone } from './half-done.ts';
import { isWithdrawn } from './integration.ts';
import type { Positions } from './position.ts';
import { remembers } from './recent.ts';
import type { Requests } from './request.ts';
import { closeLeg, isTooOld, openLeg, refusedAhead } from './signal-leg.ts';
import { isSignalInShadow, shadowed } from './shadow.ts';
import { isUnrecorded, signalRefused, type FinalRefusal, type UnrecordedRefusal } from './signal-refusal.ts';
import { outOfShadow } from './strategy-fold.ts';
import { unheardOf, type Strategies, type Strategy } from './strategy.ts';

/** What signals are judged by. */
interface Known {
  readonly requests: Requests;
  readonly positions: Positions;
  readonly consents: Consents;
  readonly strategies: Strategies;
  readonly policies: DecidedPolicies;
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
  const last = strategy.signals.at(-1);
  if (last && !last.isUnknown && last.halfDone === null) return refuse('request-in-flight');
  const decision = answer(known, strategy, data, commandid, at);
  const isLater = decision.events.length > 0 && !isOvertaken(strategy, signal);
  return isLater ? { ...decision, events: [...endHalfDone(strategy, signal), ...decision.events] } : decision;
};

const isOvertaken = ({ lastSentAt }: Strategy, { sentAt }: Signal): boolean =>
  lastSentAt !== null && sentAt < lastSentAt;

/** What a signal comes to that is the strategy's next. */
function answer(
  known: Known,
  rehearsing: Strategy,
  data: CommandBody<'ReceiveSignal'>['data'],
  commandid: Uuid,
  at: Circumstances,
): Decision {
  const { signal } = data;
  const isShadow = isSignalInShadow(signal, known.policies, at);
  const strategy = isShadow ? rehearsing : outOfShadow(rehearsing);
  if (isWithdrawn(known.consents, signal)) return received(signal, err('integration-withdrawn'));

  const isLate = isOvertaken(strategy, signal);
  const isHeld = strategy.externalPositionId === signal.externalPositionId;
  const wasHeld = remembers(strategy.closed, signal.externalPositionId);
  const isClosedAhead =
    signal.sentAt === strategy.lastSentAt && remembers(strategy.notFound, signal.externalPositionId);
  const policies = policiesOf(known.policies, signal.integrationId);
  // What is really held is really closed: nobody else would.
  const isRehearsed = isShadow && strategy.positions.length === 0;
  const holds = strategy.positions.length > 0 || strategy.wouldHold !== null;
  const open = () => {
    const leg = openLeg(commandid, signal, data, strategy, at);
    return leg.ok && isShadow ? ok([shadowed(signal, strategy, leg.value[0], at)]) : leg;
  };
  const close = () =>
    isRehearsed ? ok([shadowed(signal, strategy, undefined, at)]) : closeLeg(commandid, signal, strategy, known, at);
  const closeThenOpen = () => {
    const refused = refusedAhead(data.order, signal, strategy, at);
    if (refused !== null) return err(refused);
    if (!isRehearsed) return close();
    const leg = openLeg(commandid, signal, data, { ...strategy, wouldHold: null }, at);
    return ok([shadowed(signal, strategy, leg.ok ? leg.value[0] : undefined, at)]);
  };

  switch (signal.kind) {
    case 'open':
      if (isLate || isHeld || wasHeld || isClosedAhead) return superseded(signal);
      return holds && policies.missed_close_policy === 'close_then_open' && !isTooOld(signal, data.maxAgeMs, at)
        ? received(signal, closeThenOpen())
        : received(signal, open());

    case 'close':
      if (isLate && !isHeld) return superseded(signal);
      if (strategy.opening !== null) return refuse('request-in-flight');
      if (holds) return received(signal, close());
      return wasHeld && policies.strict_position_not_found === 'off'
        ? superseded(signal)
        : received(signal, err('position-not-found'));

    case 'reopen':
      if (isLate) return superseded(signal);
      return received(signal, holds ? closeThenOpen() : open());
    default:
      return unreachable(signal.kind);
  }
}

const isReceived = ({ settled }: Strategies, { signals }: Strategy, id: SignalId): boolean =>
  remembers(settled, id) || signals.some(({ signalId }) => signalId === id);

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
