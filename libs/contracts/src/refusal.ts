import { z } from 'zod';
import { Text } from './primitives.ts';

/** Our own no, with the reason. The broker's no is a rejection and an event. */
export const RefusalReason = z.enum([
  // the account
  'unknown-account',
  'account-already-registered',
  'trading-halted',
  'close-only',
  'trading-disabled',
  // the order
  'instruments-unavailable',
  'unknown-instrument',
  'instrument-not-tradable',
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
  'nothing-to-change',
  'request-in-flight',
  // dispatching
  'unknown-request',
  'already-dispatched',
  'already-settled',
  'too-old',
  'outcome-not-unknown',
  // strategy signals
  'integration-withdrawn',
  'unknown-ticker',
  'position-already-exists',
  'position-not-found',
  'unknown-signal',
  'signal-not-waiting',
  // the message
  'malformed',
]);
export type RefusalReason = z.output<typeof RefusalReason>;

export const Refusal = z.object({ reason: RefusalReason, text: Text.nullable() });
export type Refusal = z.output<typeof Refusal>;

/** A refusal with a sentence for people, or only its reason. */
export const refusal = (reason: RefusalReason, text: string | null = null): Refusal => ({ reason, text });
