// Over 300 lines: a strategy, its signal and the requests of that signal are one story.
import type { EventBody, Recorded, RecordedEvent } from '@core/contracts/event';
import type { RejectionReason, SignalOrigin } from '@core/contracts/events/request';
import type { Signal, SignalRefusal } from '@core/contracts/events/signal';
import { ACCOUNT_EVENTS, ignoring, UPKEEP_EVENTS, RESTRICTION_EVENTS } from '@core/contracts/ignoring';
import type { Instant, IntegrationId, PositionId, RequestId, SignalId } from '@core/contracts/primitives';
import { strategyKey, type StrategyKey } from '@core/contracts/strategy-key';
import { hearConsent, stillSaid, withWord, type Consents } from '@core/contracts/integration-consent';
import { isOnBeside, isStrategyOn, type StrategyWords } from '@core/contracts/strategy-consent';
import { decidePolicy, type DecidedPolicies } from '@core/contracts/integration-policy';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { end, forgetEnded, type Endable, type Ended } from './ended.ts';
import { momentOf, type Moment } from './moment.ts';

/** How many positions of its past a strategy remembers by the sender's id. */
export const PAST_POSITIONS_MAX = 50;

export interface AccountStrategies {
  consents: Consents;
  policies: DecidedPolicies;
  /** By `strategyKey`. */
  strategies: Record<StrategyKey, StrategyState>;
  /** Signals in progress, and settled ones for a day (see `ended.ts`). */
  signals: Record<SignalId, SignalState>;
  ended: Ended[];
  /** Which signal a request belongs to, until its outcome is known. */
  requests: Record<RequestId, SignalId>;
  /** Which strategy holds an open position. */
  holders: Record<PositionId, StrategyKey>;
}

interface StrategyState {
  integrationId: IntegrationId;
  strategyId: string;
  name: string;
  /** Under which registrations its user switched it on. */
  words: StrategyWords;
  /** Whoever enters has been enabled again, though nobody said so: when, where nothing was said since. */
  enteredAt: Instant | null;
  /** What it holds; a strategy has at most one position. */
  position: HeldPosition | null;
  /** Positions that are closed, newest last: a late close of one of them is nothing to alarm anyone about. */
  past: { externalPositionId: string; positionId: PositionId; closedAt: Instant }[];
  /** The latest that was said of it, by the sender's clock: what is older has been overtaken. */
  lastSentAt: Instant | null;
  /** Signals in progress, oldest first. */
  openSignals: SignalId[];
}

interface HeldPosition {
  positionId: PositionId;
  externalPositionId: string;
  /** The order request that opened it. */
  requestId: RequestId | null;
  openedAt: Instant;
}

export interface SignalState extends Endable {
  id: SignalId;
  signal: Signal;
  /** `half-done`: a position was closed for it, and none is opened: its open leg may be asked for again. */
  status: 'in-progress' | 'executed' | 'refused' | 'unknown' | 'half-done';
  /** What was asked of the broker for it, in order: a reopen closes, then opens. Failed attempts to open are gone. */
  legs: SignalLeg[];
  /** How often opening came to nothing after its close leg. */
  failedOpenings: number;
  /** Null unless it is refused or half done. */
  refusal: { step: 'signal' | 'close' | 'open'; reason: SignalRefusal; text: string | null } | null;
  /** Nothing had to be done: it was true already or overtaken. */
  superseded: boolean;
  /** What it would have led to, of an integration in shadow; null of any other. */
  shadow: Pick<EventBody<'SignalShadowed'>['data'], 'closes' | 'opens'> | null;
  received: Moment;
  settled: Moment | null;
}

export interface SignalLeg {
  kind: 'open' | 'close';
  requestId: RequestId;
  /**
   * `accepted`: the broker took it. `done`: the position is open, or closed. Facts may overtake the acceptance.
   * `unknown` may still become any of the others.
   */
  status: 'requested' | 'dispatched' | 'unknown' | 'accepted' | 'done' | 'rejected' | 'expired';
  /** The position it closes or has opened. */
  positionId: PositionId | null;
  /** Null unless it is rejected. */
  rejection: { reason: RejectionReason; text: string | null } | null;
}

const ignored = ignoring(
  'AmendmentRequested',
  'CancellationRequested',
  'OrderWorking',
  'OrderAmended',
  'OrderFilled',
  'PositionAmended',
  'PositionReduced',
  'PositionSwapCharged',
  ...ACCOUNT_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
);

/** Strategies that trade an account, what they hold and what became of their signals. Read by proquant-webhook. */
export const accountStrategies: Projection<AccountStrategies, RecordedEvent> = {
  name: 'strategies',
  version: 6,

  initial: () => ({
    consents: {},
    policies: {},
    strategies: {},
    signals: {},
    ended: [],
    requests: {},
    holders: {},
  }),

  evolve(state, event) {
    forgetEnded(state.ended, state.signals, event.recordedtime);
    if (ignored(event)) return;

    switch (event.type) {
      case 'IntegrationApproved':
        return consented(state, event, 'approved');
      case 'IntegrationRejected':
        return consented(state, event, 'rejected');
      case 'IntegrationDeleted':
        return consented(state, event, 'deleted');
      case 'StrategyEnabled':
      case 'StrategyDisabled':
        return switched(state, event);

      case 'IntegrationPolicySet':
        return decidePolicy(state.policies, event.data);
      case 'SignalReceived':
        return received(state, event);
      case 'SignalExecuted': {
        const signal = settled(state, event, 'executed');
        if (signal) signal.superseded = event.data.superseded;
        return;
      }
      case 'SignalShadowed': {
        const signal = settled(state, event, 'executed');
        const { closes, opens } = event.data;
        if (signal) signal.shadow = { closes, opens };
        return;
      }
      case 'SignalRefused': {
        const signal = settled(state, event, 'refused');
        const { step, reason, text } = event.data;
        if (signal) signal.refusal = { step, reason, text };
        return;
      }
      // Why it came to nothing stands already.
      case 'SignalDismissed':
        settled(state, event, 'refused');
        return;
      case 'SignalOutcomeUnknown':
        settled(state, event, 'unknown');
        return;
      case 'SignalHalfDone':
        return halfDone(state, event);
      case 'SignalResumed':
        return goesOn(state, state.signals[event.data.signalId]);

      case 'OrderRequested':
        return asked(state, event.data.signal, { kind: 'open', requestId: event.data.orderId, positionId: null });
      case 'CloseRequested': {
        const { requestId, positionId, signal } = event.data;
        return asked(state, signal, { kind: 'close', requestId, positionId });
      }
      case 'RequestDispatched':
        return advanced(state, event.data.requestId, 'dispatched');
      case 'RequestAccepted':
        return advanced(state, event.data.requestId, 'accepted');
      case 'RequestOutcomeUnknown':
        return advanced(state, event.data.requestId, 'unknown');
      case 'RequestRejected':
        return advanced(state, event.data.requestId, 'rejected', event.data);
      case 'RequestExpired':
        return advanced(state, event.data.requestId, 'expired');
      case 'RequestResolved':
        return advanced(state, event.data.requestId, event.data.executed ? 'accepted' : 'expired');
      case 'OrderExpired':
      case 'OrderCancelled':
        return advanced(state, event.data.orderId, 'expired');

      case 'PositionOpened':
        return opened(state, event);
      case 'PositionClosed':
        return closed(state, event);
      default:
        return unreachable(event);
    }
  },
};

/**
 * Whether a strategy is on, under a registration that may trade or because it entered since. Null where nobody said.
 * Of one that is off nobody will say to close what it holds.
 */
export const isSwitchedOn = (
  { integrationId, words, enteredAt }: Pick<StrategyState, 'integrationId' | 'words' | 'enteredAt'>,
  consents: Readonly<Consents>,
): boolean | null => (enteredAt === null ? isStrategyOn(words, consents, integrationId) : true);

function consented(
  state: AccountStrategies,
  { data, time: since }: Recorded<'IntegrationApproved' | 'IntegrationRejected' | 'IntegrationDeleted'>,
  status: 'approved' | 'rejected' | 'deleted',
): void {
  hearConsent(state.consents, data, { status, since });
  for (const strategy of Object.values(state.strategies))
    if (strategy.integrationId === data.integrationId) strategy.words = stillSaid(strategy.words, data);
}

function switched(state: AccountStrategies, { type, data }: Recorded<'StrategyEnabled' | 'StrategyDisabled'>): void {
  const strategy = strategyOf(state, data);
  const overtakes = !isOnBeside(strategy.words, state.consents, data);
  const { name, sentAt } = data;
  strategy.name = name;
  strategy.words = withWord(strategy.words, data, { enabled: type === 'StrategyEnabled', name, since: sentAt ?? null });
  if (sentAt === undefined || strategy.enteredAt === null || sentAt >= strategy.enteredAt) strategy.enteredAt = null;
  if (sentAt !== undefined && overtakes) isHeard(strategy, sentAt);
}

function strategyOf(
  state: AccountStrategies,
  { integrationId, strategyId }: { integrationId: IntegrationId; strategyId: string },
): StrategyState {
  return (state.strategies[strategyKey({ integrationId, strategyId })] ??= {
    integrationId,
    strategyId,
    name: strategyId,
    words: {},
    enteredAt: null,
    position: null,
    past: [],
    lastSentAt: null,
    openSignals: [],
  });
}

/** Whether nothing later was said of it; if so, this is the latest. */
function isHeard(strategy: StrategyState, sentAt: Instant): boolean {
  if (strategy.lastSentAt !== null && sentAt < strategy.lastSentAt) return false;
  strategy.lastSentAt = sentAt;
  return true;
}

function received(state: AccountStrategies, event: Recorded<'SignalReceived'>): void {
  const { signal } = event.data;
  const strategy = strategyOf(state, signal);
  strategy.name = signal.strategyName;
  if (isHeard(strategy, signal.sentAt) && signal.kind !== 'close') strategy.enteredAt = signal.sentAt;
  strategy.openSignals.push(signal.signalId);
  state.signals[signal.signalId] = {
    id: signal.signalId,
    signal,
    status: 'in-progress',
    legs: [],
    failedOpenings: 0,
    refusal: null,
    superseded: false,
    shadow: null,
    received: momentOf(event),
    settled: null,
    keptUntil: null,
  };
}

/** What is unknown or half done may be settled later on, so it does not end the signal. */
function settled(
  state: AccountStrategies,
  event: Recorded<
    | 'SignalExecuted'
    | 'SignalRefused'
    | 'SignalOutcomeUnknown'
    | 'SignalHalfDone'
    | 'SignalDismissed'
    | 'SignalShadowed'
  >,
  status: 'executed' | 'refused' | 'unknown' | 'half-done',
): SignalState | undefined {
  const signal = state.signals[event.data.signalId];
  if (!signal) return undefined;
  signal.status = status;
  signal.settled = momentOf(event);
  const strategy = strategyOf(state, event.data);
  strategy.openSignals = strategy.openSignals.filter((each) => each !== signal.id);
  if (status === 'unknown' || status === 'half-done') return signal;
  for (const leg of signal.legs) delete state.requests[leg.requestId];
  end(state.ended, signal.id, signal, event.recordedtime);
  return signal;
}

function halfDone(state: AccountStrategies, event: Recorded<'SignalHalfDone'>): void {
  const signal = settled(state, event, 'half-done');
  if (!signal) return;
  const { reason, text } = event.data;
  signal.refusal = { step: 'open', reason, text };
  const failed = signal.legs.filter(({ kind }) => kind === 'open');
  for (const { requestId } of failed) delete state.requests[requestId];
  signal.legs = signal.legs.filter(({ kind }) => kind === 'close');
  signal.failedOpenings += 1;
}

/** What was half done is in progress again. */
function goesOn(state: AccountStrategies, signal: SignalState | undefined): void {
  if (signal?.status !== 'half-done') return;
  Object.assign(signal, { status: 'in-progress', refusal: null, settled: null });
  strategyOf(state, signal.signal).openSignals.push(signal.id);
}

function asked(
  state: AccountStrategies,
  origin: SignalOrigin | null,
  leg: Pick<SignalLeg, 'kind' | 'requestId' | 'positionId'>,
): void {
  const signal = origin && state.signals[origin.signalId];
  if (!signal) return;
  goesOn(state, signal);
  signal.legs.push({ ...leg, status: 'requested', rejection: null });
  state.requests[leg.requestId] = signal.id;
}

function legOf(state: AccountStrategies, requestId: RequestId): SignalLeg | undefined {
  const signal = state.signals[state.requests[requestId] ?? ''];
  return signal?.legs.find((leg) => leg.requestId === requestId);
}

function advanced(
  state: AccountStrategies,
  requestId: RequestId,
  status: SignalLeg['status'],
  rejection: { reason: RejectionReason; text: string | null } | null = null,
): void {
  const leg = legOf(state, requestId);
  if (!leg) return;
  leg.status = status;
  leg.rejection = rejection && { reason: rejection.reason, text: rejection.text };
  if (status === 'rejected' || status === 'expired') delete state.requests[requestId];
}

function done(state: AccountStrategies, requestId: RequestId, positionId: PositionId): void {
  const leg = legOf(state, requestId);
  if (leg) Object.assign(leg, { status: 'done', positionId, rejection: null });
  delete state.requests[requestId];
}

function opened(state: AccountStrategies, event: Recorded<'PositionOpened'>): void {
  const { positionId, orderId, signal, openedAt } = event.data;
  if (orderId !== null) done(state, orderId, positionId);
  if (!signal) return;
  const strategy = strategyOf(state, signal);
  const { externalPositionId } = signal;
  strategy.position = { positionId, externalPositionId, requestId: orderId, openedAt };
  state.holders[positionId] = strategyKey(signal);
}

/** Whoever closed it: every request to close this position has what it wanted. */
function closed(state: AccountStrategies, event: Recorded<'PositionClosed'>): void {
  const { positionId, closedAt } = event.data;
  for (const requestId of Object.keys(state.requests)) {
    const leg = legOf(state, requestId);
    if (leg?.kind === 'close' && leg.positionId === positionId) done(state, requestId, positionId);
  }
  const strategy = state.strategies[state.holders[positionId] ?? ''];
  delete state.holders[positionId];
  if (strategy?.position?.positionId !== positionId) return;
  strategy.past.push({ externalPositionId: strategy.position.externalPositionId, positionId, closedAt });
  if (strategy.past.length > PAST_POSITIONS_MAX) strategy.past.shift();
  strategy.position = null;
}
