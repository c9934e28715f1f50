import { z } from 'zod';
import { AccountId, Instant, Uuid } from './primitives.ts';

/** The build that made an event, e.g. `xapi-connector@0.1.0+d28784a`. */
export const Source = z.string().min(1).max(128);

/** CloudEvents names where they fit; `subject` is the account. */
export const envelope = {
  id: Uuid,
  schemaversion: z.int().min(1),
  source: Source,
  subject: AccountId,
  /** When it happened, in the clock of whoever saw it first (the broker's, where it says). */
  time: Instant,
  /** The same for everything that one wish or one outside fact set in motion. */
  correlationid: Uuid,
  /** The event or command that led to this one; null for the first of its chain. */
  causationid: Uuid.nullable(),
};

/** One event type: its name is its discriminator, its data is closed. */
export const message = <Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, data: Shape) =>
  z.strictObject({ type: z.literal(type), data: z.strictObject(data) });
