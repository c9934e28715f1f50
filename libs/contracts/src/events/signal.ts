// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { event } from '../message.ts';
import { Decimal, Instant, IntegrationId, RequestId, Side, SignalId, Text } from '../primitives.ts';

const StrategyId = z.string().min(1).max(128);
const strategy = { integrationId: IntegrationId, strategyId: StrategyId };

export const SignalKind = z.enum(['open', 'close', 'reopen']);
export type SignalKind = z.output<typeof SignalKind>;

/** What a strategy said, in its own words for ticker and quantity (units). */
export const Signal = z.strictObject({
  signalId: SignalId,
  ...strategy,
  strategyName: Text,
  kind: SignalKind,
  side: Side,
  ticker: z.string().min(1).max(64),
  quantity: Decimal,
  externalPositionId: z.string().min(1).max(128),
  /** The sender's timestamp: the order of a strategy's signals. */
  sentAt: Instant,
});
export type Signal = z.output<typeof Signal>;

/** Why a signal led to no trade, in the domain's words; the edge maps them to the sender's nine. */
export const SignalRefusal = z.enum([
  'integration-withdrawn',
  'unknown-ticker',
  'position-already-exists',
  'position-not-found',
  'market-closed',
  'volume-not-multiple-of-step',
  'volume-below-minimum',
  'volume-above-maximum',
  'insufficient-funds',
  'trading-disabled',
  'too-old',
  'not-executed',
]);
export type SignalRefusal = z.output<typeof SignalRefusal>;

export const signalEvents = [
  /** The user lets the integration trade. */
  event('IntegrationApproved', 'ledger', { integrationId: IntegrationId }),
  /** The user does not let it trade: its signals are refused, but closes that were sent before. */
  event('IntegrationRejected', 'ledger', { integrationId: IntegrationId }),
  /** The user took it away: as with a rejection. */
  event('IntegrationDeleted', 'ledger', { integrationId: IntegrationId }),
  /** A strategy of the integration may send signals. */
  event('StrategyEnabled', 'ledger', { ...strategy, name: Text }),
  /** A strategy sends no more signals; what it holds stays open. */
  event('StrategyDisabled', 'ledger', { ...strategy, name: Text }),
  /** What a strategy said, before anything was done about it. */
  event('SignalReceived', 'ledger', { signal: Signal }),
  /** Everything the signal asked for has happened. `superseded`: nothing had to, it was already true or overtaken. */
  event('SignalExecuted', 'ledger', {
    signalId: SignalId,
    ...strategy,
    requestIds: z.array(RequestId).max(8),
    superseded: z.boolean(),
  }),
  /** `step` is how far a reopen came: refused at its open leg, the position stays closed. */
  event('SignalRefused', 'ledger', {
    signalId: SignalId,
    ...strategy,
    step: z.enum(['signal', 'close', 'open']),
    reason: SignalRefusal,
    text: Text.nullable(),
  }),
  /** A request of the signal has no outcome: nobody can say whether it was traded. */
  event('SignalOutcomeUnknown', 'ledger', { signalId: SignalId, ...strategy, step: z.enum(['close', 'open']) }),
] as const;
