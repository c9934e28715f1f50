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

/** One type of message: its name is its discriminator, its data is closed. */
export const message = <Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, data: Shape) =>
  z.strictObject({ type: z.literal(type), data: z.strictObject(data) });

/**
 * Who may state an event. What the ledger states is decided, and a decision has rules: nobody else can say it.
 * What a connector states is observed at the broker. A request may end by either.
 */
export type StatedBy = 'ledger' | 'connector' | 'ledger-or-connector';

/** What an event's contract says beside its shape. */
interface Terms {
  readonly by: StatedBy;
  /** Of this type alone: a changed shape is the next one, and an upcaster lifts what was stored before. */
  readonly version: number;
}

const termsOfEvents = z.registry<Terms>();

/** One event type: who may state it, its shape, and the version of that shape. */
export const event = <Type extends string, Shape extends z.core.$ZodLooseShape>(
  type: Type,
  by: StatedBy,
  data: Shape,
  version = 1,
) => message(type, data).register(termsOfEvents, { by, version });

/** The terms of a schema that `event` made. */
export function termsOf(schema: z.ZodType): Terms {
  const terms = termsOfEvents.get(schema);
  if (!terms) throw new Error('a message that is no event');
  return terms;
}
