// What a connector found when an operator had it look at the broker. It is no event: what follows from it is told as ever.
import { z } from 'zod';
import { Drift } from './events/account.ts';
import { Decimal, Instant, Instrument, RequestId, Side, Text } from './primitives.ts';

/** Something that stands at the broker. `requestId` is the request of ours whose mark it bears, where it bears one. */
export const StandingAtBroker = z.object({
  kind: z.enum(['order', 'position']),
  brokerKey: z.string().max(32),
  instrument: Instrument,
  side: Side,
  volumeLots: Decimal,
  price: Decimal,
  requestId: RequestId.nullable(),
});
export type StandingAtBroker = z.output<typeof StandingAtBroker>;

/** Most of it that is told; `positions` and `orders` count all. */
export const STANDING_MAX = 500;

/**
 * `facts` is how many events the look led to. `open`: it left something open, and looks again by itself.
 * `not-connected`: no connector has a session of the account. `busy`: a look is under way already.
 */
export const BrokerLook = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    at: Instant,
    connector: Text,
    outcome: z.enum(['clean', 'drift', 'open']),
    positions: z.int().min(0),
    orders: z.int().min(0),
    facts: z.int().min(0),
    drifts: z.array(Drift).max(STANDING_MAX),
    standing: z.array(StandingAtBroker).max(STANDING_MAX),
  }),
  z.object({
    ok: z.literal(false),
    reason: z.enum(['not-connected', 'busy', 'broker-unavailable', 'broker-error']),
    text: Text,
  }),
]);
export type BrokerLook = z.output<typeof BrokerLook>;
