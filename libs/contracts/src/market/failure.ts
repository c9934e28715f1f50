import { z } from 'zod';
import { Text } from '../primitives.ts';

/**
 * Why a question about a market has no answer. `busy`: too many wait already. `broker-unavailable`: no session, no reply,
 * or nobody speaks for the venue. `range-too-large`: more than an answer holds, or than the broker gives at all.
 */
export const MarketFailure = z.object({
  ok: z.literal(false),
  reason: z.enum([
    'malformed',
    'unknown-instrument',
    'unknown-period',
    'range-too-large',
    'busy',
    'broker-unavailable',
    'broker-error',
  ]),
  text: Text.nullable(),
});
export type MarketFailure = z.output<typeof MarketFailure>;
