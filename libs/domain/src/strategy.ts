import type { ShadowTrade, Signal, SignalRefusal } from '@core/contracts/events/signal';
import type { StrategyWords } from '@core/contracts/strategy-consent';
import type { Instant, IntegrationId, OrderId, PositionId, RequestId, SignalId } from '@core/contracts/primitives';
import { strategyKey, type StrategyKey } from '@core/contracts/strategy-key';
import { noneRecent, type Recent } from './recent.ts';

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
  /** Under which registrations its user switched it on. Signals are taken either way, for such words can be lost. */
  words: StrategyWords;
  /**
   * The latest of what was said of it, by the sender's clock: what is older has been overtaken. Words under one
   * registration are not, while it is on under another.
   */
  lastSentAt: Instant | null;
  /** Signals without an outcome, oldest first. Only after one that is unknown or half done another may follow. */
  signals: OpenSignal[];
  /** From the request of its order until the position is there, or certainly never will be. */
  opening: { orderId: OrderId; externalPositionId: string } | null;
  /** What it holds: one position, or several where the broker filled its one order in parts. */
  positions: PositionId[];
  /** What it would hold, were it not in shadow. */
  wouldHold: ShadowTrade | null;
  /** The sender's id of what it holds, or held last. */
  externalPositionId: string | null;
  /** The sender's ids of positions that are closed, by whomever. */
  closed: Recent;
  /** The sender's ids of positions that it asked to close and that were not there. */
  notFound: Recent;
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
  /** A position was closed for it before anything is opened. */
  hasClosed: boolean;
  /** Its outcome was reported unknown; it may still be settled. */
  isUnknown: boolean;
  /** Why its open leg came to nothing, after its close leg; null while it is asked for. */
  halfDone: { reason: SignalRefusal; text: string | null } | null;
  /** An operator wants its open leg, however old it is. */
  isResumed: boolean;
  /** A later signal of the strategy has been received: nothing more is opened for this one. */
  isOvertaken: boolean;
}

export const noStrategies = (): Strategies => ({ byKey: {}, holders: {}, openings: {}, settled: noneRecent() });

/** A strategy that nobody has mentioned yet. */
export const unheardOf = (): Strategy => ({
  words: {},
  lastSentAt: null,
  signals: [],
  opening: null,
  positions: [],
  wouldHold: null,
  externalPositionId: null,
  closed: noneRecent(),
  notFound: noneRecent(),
});

export type StrategyRefusal = 'position-already-exists' | 'request-in-flight';

/** One position per strategy: why none may be opened for it now. */
export function cannotOpen({ positions, opening, wouldHold }: Strategy): StrategyRefusal | null {
  if (positions.length > 0 || wouldHold !== null) return 'position-already-exists';
  return opening === null ? null : 'request-in-flight';
}

/** Those of one integration. */
export const strategiesOf = (byKey: Strategies['byKey'], integrationId: IntegrationId): Strategy[] =>
  Object.entries(byKey).flatMap(([key, strategy]) =>
    key.startsWith(strategyKey({ integrationId, strategyId: '' })) ? [strategy] : [],
  );

/** Whether it neither holds nor awaits anything. */
export const isIdle = ({ signals, opening, positions, wouldHold }: Strategy): boolean =>
  signals.length === 0 && opening === null && positions.length === 0 && wouldHold === null;
