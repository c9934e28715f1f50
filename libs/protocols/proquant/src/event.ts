import type { Decimal } from '@core/contracts/primitives';
import { fromAnyNumber } from '@core/kernel/decimal';
import { readJson, whyTooDeep } from '@core/kernel/foreign-json';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';

/** The last millisecond of the year 9999: a later timestamp has no RFC 3339 spelling. */
const TIMESTAMP_MAX_MS = 253_402_300_799_999;

/**
 * How a request cannot be an event: `version-missing` is a format we do not speak, `malformed` is none at all; its body
 * may come to too much, or be compressed in a way that we do not know.
 */
export type Unreadable = {
  readonly why: 'malformed' | 'version-missing' | 'too-large' | 'unknown-encoding';
  readonly detail: string;
};

/** No database hands out NUL or half of a character. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const Key = z.string().min(1).max(128).refine(isStorable);
/** Names are for people, so a long one is cut instead of refused. */
const Name = z.string().transform((name) => name.slice(0, 512).toWellFormed().replaceAll('\0', ''));

const Timestamp = z.int().min(0).max(TIMESTAMP_MAX_MS);

/** JSON numbers are doubles here; the shortest text that reads back as the same double is what was written. */
const Quantity = z.number().transform((value): Decimal => fromAnyNumber(value));

const Strategy = z.object({ id: Key, name: Name });

const SignalData = z.object({
  direction: z.enum(['BUY', 'SELL']),
  ticker: z.string().trim().min(1).max(64).refine(isStorable),
  quantity: Quantity,
  strategy: Strategy,
  proquantPositionId: Key,
});
type SignalData = z.output<typeof SignalData>;

const event = <Type extends string, Data extends z.ZodType>(types: readonly [Type, ...Type[]], data: Data) =>
  z.object({ type: z.enum(types), timestamp: Timestamp, data });

const integrationEvent = event(['INTEGRATION_APPROVED', 'INTEGRATION_REJECTED', 'INTEGRATION_DELETED'], z.unknown());
const strategyEvent = event(['STRATEGY_ENABLED', 'STRATEGY_DISABLED'], Strategy);
const signalEvent = event(['SIGNAL_OPEN', 'SIGNAL_CLOSE', 'SIGNAL_REOPEN'], SignalData);

const ProquantEvent = z.discriminatedUnion('type', [integrationEvent, strategyEvent, signalEvent]);
/** A version 1 event, without the echo of our own registration: that holds the token. */
export type ProquantEvent = z.output<typeof ProquantEvent>;
export type SignalEvent = z.output<typeof signalEvent>;

const KNOWN: ReadonlySet<string> = new Set(ProquantEvent.options.flatMap((each) => each.shape.type.options));

/** What one request carries. `event` is null for a type nobody documented: irrelevant, and not an error. */
export interface Delivery {
  readonly event: ProquantEvent | null;
  /** When the sender will drop version 1; null while it is maintained. */
  readonly deprecation: string | null;
}

const Version1 = z.object({ deprecation: z.string().max(64).nullish(), event: z.looseObject({ type: z.string() }) });
const Versions = z.object({ v1: Version1.optional() });

/** A body whose event is one that we know. */
export const DeliveryBody = z.object({ v1: Version1.extend({ event: ProquantEvent }) });

/**
 * Reads a request body, guide section "v1 Event Structure". Only what is documented is read, so that keys such as
 * `__proto__`, other versions and the echoed `integration` have no effect.
 */
export function decodeDelivery(body: string): Result<Delivery, Unreadable> {
  const json = readJson(body);
  if (json === undefined) return err({ why: 'malformed', detail: 'not JSON' });
  const tooDeep = whyTooDeep(body);
  if (tooDeep !== null) return err({ why: 'malformed', detail: tooDeep });
  const versions = Versions.safeParse(json);
  if (!versions.success) return malformed(versions.error);
  const v1 = versions.data.v1;
  if (v1 === undefined) return err({ why: 'version-missing', detail: 'no v1' });

  const deprecation = v1.deprecation ?? null;
  if (!KNOWN.has(v1.event.type)) return ok({ event: null, deprecation });
  const decoded = ProquantEvent.safeParse(v1.event);
  if (!decoded.success) return malformed(decoded.error);
  return ok({ event: decoded.data, deprecation });
}

/** Names the fields, never their values: a body may hold the token. */
const malformed = ({ issues }: z.ZodError): Result<never, Unreadable> =>
  err({
    why: 'malformed',
    detail: issues
      .map(({ path, code }) => `${path.join('.')}: ${code}`)
      .join('; ')
      .slice(0, 256),
  });
