import type { EventBody, Recorded } from '@core/contracts/event';
import type { SignalOrigin } from '@core/contracts/events/request';
import type { Signal } from '@core/contracts/events/signal';
import type { Instant, OrderId, PositionId, RequestId, SignalId } from '@core/contracts/primitives';
import { strategyKey, type StrategyKey } from '@core/contracts/strategy-key';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, type Decide } from './decision.ts';
import type { Positions } from './position.ts';
import { noneRecent, remember, type Recent } from './recent.ts';
import type { Requests } from './request.ts';

/** Strategies that trade an account. Each holds at most one position by our doing. */
export interface Strategies {
  byKey: Record<StrategyKey, Strategy>;
  /** Which strategy holds an open position. */
  holders: Record<PositionId, StrategyKey>;
  /** Which strategy waits for the position that an order of its own will open. */
  openings: Record<OrderId, StrategyKey>;
  /** Signals that were executed or refused. */
  settled: Recent;
}

export interface Strategy {
  name: string;
  /** Null: a signal came before anyone said. Signals are taken either way, for such words can be lost. */
  enabled: boolean | null;
  /** The latest signal by the sender's clock: what is older has been overtaken. */
  lastSentAt: Instant | null;
  /** Signals without an outcome, oldest first. Only after an unknown one another may follow. */
  signals: OpenSignal[];
  /** From the request of its order until the position is there, or certainly never will be. */
  opening: { orderId: OrderId; externalPositionId: string } | null;
  /** What it holds: one position, or several where the broker filled its one order in parts. */
  positions: PositionId[];
  /** The sender's id of what it holds, or held last. */
  externalPositionId: string | null;
  /** The sender's ids of positions that are closed, by whomever. */
  closed: Recent;
}

export interface OpenSignal {
  signalId: SignalId;
  kind: Signal['kind'];
  side: Signal['side'];
  externalPositionId: string;
  sentAt: Instant;
  /** What is being done for it: a reopen closes what there is, then opens. */
  leg: 'close' | 'open';
  requestIds: RequestId[];
  /** Its outcome was reported unknown; it may still be settled. */
  isUnknown: boolean;
}

/** How much an account remembers of settled signals, and each strategy of its past. */
const SETTLED_SIGNALS_MAX = 256;
const CLOSED_PER_STRATEGY_MAX = 16;
export const SIGNALS_IN_DOUBT_MAX = 16;
/** Beyond this many strategies the oldest one is forgotten that holds nothing and waits for nothing. */
export const STRATEGIES_MAX = 1000;

/** How far a sender's clock may run ahead of ours before it stops ordering its signals: a wrong one must not jam them. */
const CLOCK_AHEAD_MAX_MS = 60_000;

export const noStrategies = (): Strategies => ({ byKey: {}, holders: {}, openings: {}, settled: noneRecent() });

/** A strategy that nobody has mentioned yet. */
export const unheardOf = (): Strategy => ({
  name: '',
  enabled: null,
  lastSentAt: null,
  signals: [],
  opening: null,
  positions: [],
  externalPositionId: null,
  closed: noneRecent(),
});

export type StrategyRefusal = 'position-already-exists' | 'request-in-flight';

/** One position per strategy: why none may be opened for it now. */
export function cannotOpen({ positions, opening }: Strategy): StrategyRefusal | null {
  if (positions.length > 0) return 'position-already-exists';
  return opening === null ? null : 'request-in-flight';
}

/** A disabled strategy keeps its position: its sender will say no more about it, and its owner decides. */
export const recordStrategy: Decide<'RecordStrategy', { readonly strategies: Strategies }> = (
  { strategies: { byKey } },
  { data },
) => {
  const { enabled, ...strategy } = data;
  const known = byKey[strategyKey(strategy)];
  if (known?.enabled === enabled && known.name === strategy.name) return nothing;
  return record({ type: enabled ? 'StrategyEnabled' : 'StrategyDisabled', data: strategy });
};

export type StrategyEvent = Recorded<
  | 'StrategyEnabled'
  | 'StrategyDisabled'
  | 'SignalReceived'
  | 'SignalExecuted'
  | 'SignalRefused'
  | 'SignalOutcomeUnknown'
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

/** `requests` and `positions` are those of the same account, with this event already in them. */
export function evolveStrategies(
  strategies: Strategies,
  event: StrategyEvent,
  { requests, positions }: { readonly requests: Requests; readonly positions: Positions },
): void {
  switch (event.type) {
    case 'StrategyEnabled':
    case 'StrategyDisabled': {
      const strategy = strategyOf(strategies, strategyKey(event.data));
      strategy.name = event.data.name;
      strategy.enabled = event.type === 'StrategyEnabled';
      return;
    }

    case 'SignalReceived':
      received(strategies, event);
      return;
    case 'SignalExecuted':
    case 'SignalRefused': {
      const { strategy, signal } = openSignal(strategies, event);
      strategy.signals.splice(strategy.signals.indexOf(signal), 1);
      remember(strategies.settled, signal.signalId, SETTLED_SIGNALS_MAX);
      return;
    }
    case 'SignalOutcomeUnknown':
      openSignal(strategies, event).signal.isUnknown = true;
      return;

    case 'OrderRequested': {
      const { orderId, signal } = event.data;
      if (!signal) return;
      const key = strategyKey(signal);
      strategies.openings[orderId] = key;
      strategyOf(strategies, key).opening = { orderId, externalPositionId: signal.externalPositionId };
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

const isIdle = ({ signals, opening, positions }: Strategy): boolean =>
  signals.length === 0 && opening === null && positions.length === 0;

function received(strategies: Strategies, { data, recordedtime }: Recorded<'SignalReceived'>): void {
  const { signalId, kind, side, externalPositionId, sentAt } = data.signal;
  const strategy = strategyOf(strategies, strategyKey(data.signal));
  const latest = instantFromMs(toMs(recordedtime) + CLOCK_AHEAD_MAX_MS);
  const orderedAt = sentAt < latest ? sentAt : latest;
  if (strategy.lastSentAt === null || orderedAt > strategy.lastSentAt) strategy.lastSentAt = orderedAt;
  const leg = kind === 'open' ? 'open' : 'close';
  strategy.signals.push({ signalId, kind, side, externalPositionId, sentAt, leg, requestIds: [], isUnknown: false });
  if (strategy.signals.length > SIGNALS_IN_DOUBT_MAX) strategy.signals.shift();
}

function openSignal(
  strategies: Strategies,
  { type, data }: Recorded<'SignalExecuted' | 'SignalRefused' | 'SignalOutcomeUnknown'>,
): { strategy: Strategy; signal: OpenSignal } {
  const strategy = present(strategies.byKey[strategyKey(data)], `${type} for a strategy without signals`);
  const signal = strategy.signals.find(({ signalId }) => signalId === data.signalId);
  return { strategy, signal: present(signal, `${type} for ${data.signalId}, which is not open`) };
}

function requested(strategies: Strategies, origin: SignalOrigin, leg: 'close' | 'open', requestId: RequestId): void {
  const { signals } = strategyOf(strategies, strategyKey(origin));
  const signal = signals.find(({ signalId }) => signalId === origin.signalId);
  if (!signal) return;
  signal.leg = leg;
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
