import type { CommandBody } from '@core/contracts/command';
import type { Signal, SignalKind } from '@core/contracts/events/signal';
import type { IntegrationId, SignalId } from '@core/contracts/primitives';
import type { Registration } from '@core/contracts/integration-consent';
import { instantFromMs } from '@core/kernel/instant';
import { unreachable } from '@core/kernel/unreachable';
import type { ProquantEvent, SignalEvent } from './event.ts';

type LifecycleEvent = Exclude<ProquantEvent, SignalEvent>;
export type LifecycleWish = CommandBody<'RecordIntegration'> | CommandBody<'RecordStrategy'>;

/** Whether an event asks for a trade; the others only record what the user switched on or off. */
export const isSignal = (event: ProquantEvent): event is SignalEvent => event.type in KINDS;

/** The strategy that an event is of; null for what is said of a whole integration. */
export function strategyIdOf(event: ProquantEvent): string | null {
  if (isSignal(event)) return event.data.strategy.id;
  return event.type === 'STRATEGY_ENABLED' || event.type === 'STRATEGY_DISABLED' ? event.data.id : null;
}

/** Whether an event asks to close what is open, be it to open something else then: no limit may stand before that. */
export const takesRiskAway = ({ type }: ProquantEvent): boolean => type === 'SIGNAL_CLOSE' || type === 'SIGNAL_REOPEN';

const KINDS: Readonly<Record<SignalEvent['type'], SignalKind>> = {
  SIGNAL_OPEN: 'open',
  SIGNAL_CLOSE: 'close',
  SIGNAL_REOPEN: 'reopen',
};

/** Under which registration an event was sent, and those whose tokens are good; a registration may not be known. */
export interface SentUnder {
  readonly registration?: Registration | undefined;
  readonly registrations: Registration[];
}

/** The command that records what a user did with an integration or one of their strategies. */
export function translateLifecycle(
  integrationId: IntegrationId,
  event: LifecycleEvent,
  under: SentUnder,
): LifecycleWish {
  const sentAt = instantFromMs(event.timestamp);
  switch (event.type) {
    case 'INTEGRATION_APPROVED':
      return { type: 'RecordIntegration', data: { integrationId, what: 'approved', sentAt, ...under } };
    case 'INTEGRATION_REJECTED':
      return { type: 'RecordIntegration', data: { integrationId, what: 'rejected', sentAt, ...under } };
    case 'INTEGRATION_DELETED':
      return { type: 'RecordIntegration', data: { integrationId, what: 'deleted', sentAt, ...under } };
    case 'STRATEGY_ENABLED':
    case 'STRATEGY_DISABLED': {
      const { id, name } = event.data;
      const enabled = event.type === 'STRATEGY_ENABLED';
      return { type: 'RecordStrategy', data: { integrationId, strategyId: id, name, enabled, sentAt, ...under } };
    }
    default:
      return unreachable(event);
  }
}

/** A strategy's signal in our words; ticker and quantity stay the sender's. */
export const translateSignal = (
  integrationId: IntegrationId,
  signalId: SignalId,
  { type, timestamp, data }: SignalEvent,
): Signal => ({
  signalId,
  integrationId,
  strategyId: data.strategy.id,
  strategyName: data.strategy.name,
  kind: KINDS[type],
  side: data.direction === 'BUY' ? 'buy' : 'sell',
  ticker: data.ticker,
  quantity: data.quantity,
  externalPositionId: data.proquantPositionId,
  sentAt: instantFromMs(timestamp),
});
