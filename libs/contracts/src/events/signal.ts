// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { underRegistration } from '../integration-consent.ts';
import { IntegrationPolicy } from '../integration-policy.ts';
import { event } from '../message.ts';
import {
  Decimal,
  Instant,
  Instrument,
  IntegrationId,
  PositiveDecimal,
  RequestId,
  Side,
  SignalId,
  Text,
} from '../primitives.ts';

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

/** A position as a shadowed signal would have opened or closed it; `price` is the market's then, null where unknown. */
export const ShadowTrade = z.strictObject({
  externalPositionId: z.string().min(1).max(128),
  instrument: Instrument,
  side: Side,
  volumeLots: PositiveDecimal,
  price: PositiveDecimal.nullable(),
});
export type ShadowTrade = z.output<typeof ShadowTrade>;

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

/** The sender's timestamp: the order of what its user decided. What was recorded before it was kept has none. */
const sentAt = { sentAt: Instant.optional() };
const consent = { integrationId: IntegrationId, ...sentAt, ...underRegistration };

export const signalEvents = [
  /** The user lets a registration of the integration trade. */
  event('IntegrationApproved', 'ledger', consent),
  /**
   * The user does not let it trade. While no registration of an integration is approved its signals are refused, but
   * closes that were sent before.
   */
  event('IntegrationRejected', 'ledger', consent),
  /** The user took it away: as with a rejection. */
  event('IntegrationDeleted', 'ledger', consent),
  /** A strategy may send signals under a registration of the integration. */
  event('StrategyEnabled', 'ledger', { ...strategy, name: Text, ...sentAt, ...underRegistration }, 2),
  /**
   * A strategy sends no more signals under a registration. Once it does under none, what becomes of what it holds is a
   * policy of the integration.
   */
  event('StrategyDisabled', 'ledger', { ...strategy, name: Text, ...sentAt, ...underRegistration }, 2),
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
  /**
   * A position was closed for the signal, and what was to be opened after it is not: the strategy holds nothing.
   * Its open leg alone may be asked for again, until a later signal of the strategy ends it.
   */
  event('SignalHalfDone', 'ledger', {
    signalId: SignalId,
    ...strategy,
    reason: SignalRefusal,
    text: Text.nullable(),
  }),
  /** An operator has the open leg of a signal that is half done asked for again, however old it is. */
  event('SignalResumed', 'ledger', { operator: Text, note: Text, signalId: SignalId, ...strategy }),
  /** An operator has seen to a signal that is half done by other means: it stays so, and nothing more is opened for it. */
  event('SignalDismissed', 'ledger', { operator: Text, note: Text, signalId: SignalId, ...strategy }),
  /** What a signal would have led to, of an integration in shadow: it is done, and nothing was traded. */
  event('SignalShadowed', 'ledger', {
    signalId: SignalId,
    ...strategy,
    closes: ShadowTrade.nullable(),
    opens: ShadowTrade.nullable(),
  }),
  /** What an operator decided about the signals of an integration: it holds from here on. */
  event('IntegrationPolicySet', 'ledger', {
    operator: Text,
    note: Text,
    integrationId: IntegrationId,
    set: IntegrationPolicy,
  }),
] as const;
