import type { RecordedEvent } from '@core/contracts/event';
import { AccountId, Currency, Decimal, Instant } from '@core/contracts/primitives';
import { parseOfAnyBuild } from '@core/event-log/upcast';
import { z } from 'zod';

/** An event with its place in the log. */
const EventInCapsule = z
  .looseObject({ position: z.int().min(1), version: z.int().min(1), recordedtime: Instant })
  .transform(({ position, version, recordedtime, ...event }, context): RecordedEvent => {
    const read = parseOfAnyBuild(event);
    if (read.ok) return { ...read.value, position, version, recordedtime };
    context.issues.push({ code: 'custom', message: `position ${position}: ${read.error}`, input: event });
    return z.NEVER;
  });

/** An account as it stood before the first event, as far as the log knows. */
const AccountInCapsule = z.strictObject({
  account: AccountId,
  venue: z.string(),
  protocol: z.string(),
  mode: z.enum(['demo', 'live']),
  slippagePercent: Decimal.nullable(),
  currency: Currency.nullable(),
  leverage: Decimal.nullable(),
  balance: Decimal.nullable(),
});

/** What somebody sent us, but for what was taken out of it; null where it is no JSON, or not kept. */
const RawFrame = z.strictObject({
  from: z.enum(['proquant', 'quarantine']),
  id: z.string(),
  receivedAt: z.string().nullable(),
  body: z.unknown(),
  /** Of what came in. */
  sha256: z.string().nullable(),
});
export type RawFrame = z.output<typeof RawFrame>;

/** One incident in a file: what the log has of it, from where it began, and what was in force; nobody's name and no secret. */
export const Capsule = z.strictObject({
  capsule: z.literal(1),
  about: z.string(),
  build: z.string(),
  /** Positions of the log that it was taken from, both inclusive. */
  from: z.int().min(1),
  to: z.int().min(1),
  accounts: z.array(AccountInCapsule),
  events: z.array(EventInCapsule),
  frames: z.array(RawFrame),
  configuration: z.strictObject({
    /** Events that set the brakes and policies which held, before `from`. */
    brakes: z.array(EventInCapsule),
    /** How far prices of market orders might slip when the capsule was made. */
    slippage: z.array(z.strictObject({ venue: z.string(), instrument: z.string(), percent: Decimal })),
    /** Versions of folds that were served when the capsule was made. */
    projections: z.array(z.strictObject({ edge: z.string(), projection: z.string(), version: z.int() })),
  }),
  seeds: z.strictObject({
    /** What chance begins with where the capsule is played. */
    play: z.string(),
    /** What the simulated broker began with when it happened; null where that is not known, as of every real broker. */
    broker: z.string().nullable(),
  }),
  /** How often something was taken out, by field. */
  redacted: z.record(z.string(), z.int()),
  /** What whoever plays it must know that it has not. */
  missing: z.array(z.string()),
});
export type Capsule = z.output<typeof Capsule>;
