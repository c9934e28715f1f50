import { z } from 'zod';
import { LimitBreach } from './limit.ts';
import { Text } from './primitives.ts';

/** A no that stands: waiting changes nothing about what was asked. It is kept as the command's first answer. */
const FinalReason = z.enum([
  // the account
  'account-already-registered',
  // the order
  'unknown-instrument',
  'volume-below-minimum',
  'volume-above-maximum',
  'volume-not-multiple-of-step',
  'price-required',
  'price-not-allowed',
  'price-off-tick',
  'stop-loss-on-wrong-side',
  'take-profit-on-wrong-side',
  'expiry-in-the-past',
  // what already stands
  'unknown-order',
  'order-not-working',
  'unknown-position',
  'position-not-open',
  'volume-exceeds-position',
  // dispatching
  'unknown-request',
  'already-dispatched',
  'already-settled',
  'too-old',
  'price-moved',
  'price-unknown',
  'not-closed',
  // strategy signals
  'integration-withdrawn',
  'unknown-ticker',
  'position-already-exists',
  'position-not-found',
  'unknown-signal',
  'signal-not-waiting',
  // operations
  'in-shadow',
  'unknown-message',
  'unknown-move',
  // the message
  'malformed',
  'command-id-reused',
]);

/** A no of this moment: the same command asked again later, under the same id, may be taken. It is not kept. */
const PassingReason = z.enum([
  'unknown-account',
  'account-moving',
  'trading-halted',
  'close-only',
  'limit-exceeded',
  'limit-unmeasured',
  'duplicate-order',
  'trading-disabled',
  'instruments-unavailable',
  'instrument-not-tradable',
  'short-selling-not-allowed',
  'trailing-stop-not-allowed',
  'request-in-flight',
  'outcome-not-unknown',
  'strategy-not-idle',
  'message-unreadable',
  'import-unfit',
]);
export type PassingReason = z.output<typeof PassingReason>;

/** Our own no, with the reason. The broker's no is a rejection and an event. */
export const RefusalReason = z.enum([...FinalReason.options, ...PassingReason.options]);
export type RefusalReason = z.output<typeof RefusalReason>;

export const isPassing = (reason: RefusalReason): reason is PassingReason => PassingReason.safeParse(reason).success;

/** `breach` is the limit that stopped it, with the numbers it was judged by. */
export const Refusal = z.object({ reason: RefusalReason, text: Text.nullable(), breach: LimitBreach.optional() });
export type Refusal = z.output<typeof Refusal>;

/** A refusal with a sentence for people, or only its reason. */
export const refusal = (reason: RefusalReason, text: string | null = null): Refusal => ({ reason, text });
