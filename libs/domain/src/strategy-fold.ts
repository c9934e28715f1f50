import type { EventBody, Recorded } from '@core/contracts/event';
import type { SignalOrigin } from '@core/contracts/events/request';
import { stillSaid, withWord, type Consents } from '@core/contracts/integration-consent';
import { isOnBeside } from '@core/contracts/strategy-consent';
import type { Instant, IntegrationId, OrderId, PositionId, RequestId } from '@core/contracts/primitives';
import { strategyKey, type StrategyKey } from '@core/contracts/strategy-key';
import { present } from '@core/kernel/present';
import { unreachable } from '@core/kernel/unreachable';
import type { Positions } from './position.ts';
import { remember } from './recent.ts';
import type { Requests } from './request.ts';
import { orderedAt } from './sender-clock.ts';
import { isIdle, strategiesOf, unheardOf, type OpenSignal, type Strategies, type Strategy } from './strategy.ts';

/** How much an account remembers of settled signals, and each strategy of its past. */
const SETTLED_SIGNALS_MAX = 256;
const CLOSED_PER_STRATEGY_MAX = 16;
export const SIGNALS_IN_DOUBT_MAX = 16;
/** Beyond this many strategies the oldest one is forgotten that holds nothing and waits for nothing. */
export const STRATEGIES_MAX = 1000;

export type StrategyEvent = Recorded<
  | 'IntegrationApproved'
  | 'IntegrationRejected'
  | 'IntegrationDeleted'
  | 'StrategyEnabled'
  | 'StrategyDisabled'
  | 'SignalReceived'
  | 'SignalExecuted'
  | 'SignalRefused'
  | 'SignalOutcomeUnknown'
  | 'SignalHalfDone'
  | 'SignalResumed'
  | 'SignalDismissed'
  | 'SignalShadowed'
  | 'IntegrationPolicySet'
  | 'OrderRequested'
  | 'CloseRequested'
  | 'RequestRejected'
  | 'RequestExpired'
  | 'RequestResolved'
  | 'OrderExpired'
  | 'OrderCancelled'
  | 'PositionOpened'
  | 'PositionClosed'
  | 'AccountReconciled'
>;

/** What strategies are of: everything of the same account, with this event already in it. */
interface Beside {
  readonly requests: Requests;
  readonly positions: Positions;
  readonly consents: Consents;
}

export function evolveStrategies(
  strategies: Strategies,
  event: StrategyEvent,
  { requests, positions, consents }: Beside,
): void {
  switch (event.type) {
    case 'IntegrationApproved':
    case 'IntegrationRejected':
    case 'IntegrationDeleted':
      for (const strategy of strategiesOf(strategies.byKey, event.data.integrationId))
        strategy.words = stillSaid(strategy.words, event.data);
      return;
    case 'StrategyEnabled':
    case 'StrategyDisabled':
      switched(strategies, event, consents);
      return;

    case 'SignalReceived':
      received(strategies, event);
      return;
    case 'SignalExecuted':
    case 'SignalDismissed':
    case 'SignalRefused': {
      const { strategy, signal } = openSignal(strategies, event);
      if (event.type === 'SignalRefused' && event.data.reason === 'position-not-found')
        remember(strategy.notFound, signal.externalPositionId, CLOSED_PER_STRATEGY_MAX);
      settled(strategies, strategy, signal);
      return;
    }
    case 'SignalOutcomeUnknown':
      openSignal(strategies, event).signal.isUnknown = true;
      return;
    case 'SignalHalfDone': {
      const { reason, text } = event.data;
      Object.assign(openSignal(strategies, event).signal, {
        leg: 'close',
        ...{ isUnknown: false, isResumed: false, halfDone: { reason, text } },
      });
      return;
    }
    case 'SignalShadowed': {
      const { closes, opens } = event.data;
      const { strategy, signal } = openSignal(strategies, event);
      settled(strategies, strategy, signal);
      if (closes) remember(strategy.closed, closes.externalPositionId, CLOSED_PER_STRATEGY_MAX);
      strategy.wouldHold = opens;
      if (opens) strategy.externalPositionId = opens.externalPositionId;
      return;
    }
    case 'IntegrationPolicySet':
      if (event.data.set.policy === 'shadow') leaveShadow(strategies, event.data.integrationId);
      return;
    case 'SignalResumed':
      Object.assign(openSignal(strategies, event).signal, { isResumed: true, halfDone: null });
      return;

    case 'OrderRequested': {
      const { orderId, signal } = event.data;
      if (!signal) return;
      const key = strategyKey(signal);
      strategies.openings[orderId] = key;
      const strategy = strategyOf(strategies, key);
      endRehearsal(strategy);
      strategy.opening = { orderId, externalPositionId: signal.externalPositionId };
      requested(strategies, signal, 'open', orderId);
      return;
    }
    case 'CloseRequested':
      if (event.data.signal) requested(strategies, event.data.signal, 'close', event.data.requestId);
      return;

    case 'RequestRejected':
    case 'RequestExpired':
      opensNothing(strategies, event.data.requestId);
      return;
    case 'RequestResolved':
      if (!event.data.executed) opensNothing(strategies, event.data.requestId);
      return;
    case 'OrderExpired':
    case 'OrderCancelled':
      opensNothing(strategies, event.data.orderId);
      return;
    // What the broker accepted and does not show has come and gone unseen: the strategy need not wait for it.
    case 'AccountReconciled':
      for (const orderId in strategies.openings) if (!requests.open[orderId]) opensNothing(strategies, orderId);
      return;

    case 'PositionOpened':
      opened(strategies, event.data, positions.open[event.data.positionId] !== undefined);
      return;
    case 'PositionClosed':
      closed(strategies, event.data.positionId);
      return;
    default:
      unreachable(event);
  }
}

function strategyOf(strategies: Strategies, key: StrategyKey): Strategy {
  const known = strategies.byKey[key];
  if (known) return known;
  const keys = Object.keys(strategies.byKey);
  if (keys.length >= STRATEGIES_MAX) {
    const idle = keys.find((each) => isIdle(present(strategies.byKey[each], each)));
    if (idle !== undefined) delete strategies.byKey[idle];
  }
  return (strategies.byKey[key] = unheardOf());
}

function switched(
  strategies: Strategies,
  { type, data, recordedtime }: Recorded<'StrategyEnabled' | 'StrategyDisabled'>,
  consents: Consents,
): void {
  const strategy = strategyOf(strategies, strategyKey(data));
  const overtakes = !isOnBeside(strategy.words, consents, data);
  const { name, sentAt } = data;
  const since = sentAt === undefined ? null : orderedAt(sentAt, recordedtime);
  strategy.words = withWord(strategy.words, data, { enabled: type === 'StrategyEnabled', name, since });
  if (sentAt !== undefined && overtakes) heard(strategy, sentAt, recordedtime);
}

function received(strategies: Strategies, { data, recordedtime }: Recorded<'SignalReceived'>): void {
  const { signalId, kind, side, externalPositionId, sentAt } = data.signal;
  const strategy = strategyOf(strategies, strategyKey(data.signal));
  heard(strategy, sentAt, recordedtime);
  for (const before of strategy.signals) if (before.sentAt <= sentAt) before.isOvertaken = true;
  const leg = kind === 'open' ? 'open' : 'close';
  strategy.signals.push({
    ...{ signalId, kind, side, externalPositionId, sentAt, leg, requestIds: [], hasClosed: false },
    ...{ isUnknown: false, halfDone: null, isResumed: false, isOvertaken: false },
  });
  if (strategy.signals.length > SIGNALS_IN_DOUBT_MAX) strategy.signals.shift();
}

function heard(strategy: Strategy, sentAt: Instant, now: Instant): void {
  const at = orderedAt(sentAt, now);
  if (strategy.lastSentAt === null || at > strategy.lastSentAt) strategy.lastSentAt = at;
}

function openSignal(
  strategies: Strategies,
  {
    type,
    data,
  }: Recorded<
    | 'SignalExecuted'
    | 'SignalRefused'
    | 'SignalOutcomeUnknown'
    | 'SignalHalfDone'
    | 'SignalResumed'
    | 'SignalDismissed'
    | 'SignalShadowed'
  >,
): { strategy: Strategy; signal: OpenSignal } {
  const strategy = present(strategies.byKey[strategyKey(data)], `${type} for a strategy without signals`);
  const signal = strategy.signals.find(({ signalId }) => signalId === data.signalId);
  return { strategy, signal: present(signal, `${type} for ${data.signalId}, which is not open`) };
}

function settled({ settled }: Strategies, { signals }: Strategy, signal: OpenSignal): void {
  signals.splice(signals.indexOf(signal), 1);
  remember(settled, signal.signalId, SETTLED_SIGNALS_MAX);
}

/** What would be held is over when shadow begins or ends: an exit of it that comes later is done already. */
function leaveShadow({ byKey }: Strategies, integrationId: IntegrationId): void {
  for (const strategy of strategiesOf(byKey, integrationId)) endRehearsal(strategy);
}

function endRehearsal(strategy: Strategy): void {
  if (strategy.wouldHold) remember(strategy.closed, strategy.wouldHold.externalPositionId, CLOSED_PER_STRATEGY_MAX);
  strategy.wouldHold = null;
}

/** A strategy as it stands where signals are traded: a rehearsal before that is over, whoever ended it. */
export function outOfShadow(strategy: Strategy): Strategy {
  if (strategy.wouldHold === null) return strategy;
  const copy = { ...strategy, closed: structuredClone(strategy.closed) };
  endRehearsal(copy);
  return copy;
}

function requested(strategies: Strategies, origin: SignalOrigin, leg: 'close' | 'open', requestId: RequestId): void {
  const { signals } = strategyOf(strategies, strategyKey(origin));
  const signal = signals.find(({ signalId }) => signalId === origin.signalId);
  if (!signal) return;
  signal.leg = leg;
  signal.hasClosed ||= leg === 'close' && signal.kind !== 'close';
  if (leg === 'open') signal.halfDone = null;
  signal.requestIds.push(requestId);
}

function opensNothing({ byKey, openings }: Strategies, orderId: OrderId): void {
  const strategy = byKey[openings[orderId] ?? ''];
  delete openings[orderId];
  if (strategy) strategy.opening = null;
}

/** Found by what the order said of its signal, or by the order itself where the connector could not say it. */
function opened(
  strategies: Strategies,
  { positionId, orderId, signal }: EventBody<'PositionOpened'>['data'],
  isOpen: boolean,
): void {
  const awaited = orderId === null ? undefined : strategies.openings[orderId];
  const key = signal ? strategyKey(signal) : awaited;
  if (key === undefined) return;
  const strategy = strategyOf(strategies, key);
  const externalPositionId = signal?.externalPositionId ?? strategy.opening?.externalPositionId ?? null;
  if (orderId !== null) opensNothing(strategies, orderId);

  if (strategies.holders[positionId] !== undefined) return;
  if (!isOpen) {
    if (externalPositionId !== null) remember(strategy.closed, externalPositionId, CLOSED_PER_STRATEGY_MAX);
    return;
  }
  strategies.holders[positionId] = key;
  strategy.positions.push(positionId);
  strategy.externalPositionId = externalPositionId;
}

function closed({ byKey, holders }: Strategies, positionId: PositionId): void {
  const strategy = byKey[holders[positionId] ?? ''];
  delete holders[positionId];
  if (!strategy) return;
  strategy.positions = strategy.positions.filter((each) => each !== positionId);
  if (strategy.positions.length > 0) return;
  if (strategy.externalPositionId !== null) {
    remember(strategy.closed, strategy.externalPositionId, CLOSED_PER_STRATEGY_MAX);
  }
}
