// Every event there is. What was never recorded has no position; what has one is final.
import { present } from '@core/kernel/present';
import { z } from 'zod';
import { accountEvents } from './events/account.ts';
import { moveEvents } from './events/move.ts';
import { operationsEvents } from './events/operations.ts';
import { orderEvents } from './events/order.ts';
import { positionEvents } from './events/position.ts';
import { refusalEvents } from './events/refusal.ts';
import { requestEvents } from './events/request.ts';
import { signalEvents } from './events/signal.ts';
import { envelope, termsOf, type StatedBy } from './message.ts';
import { Instant } from './primitives.ts';
import { readerOf } from './reader-of.ts';

export const eventTypes = [
  ...accountEvents,
  ...requestEvents,
  ...refusalEvents,
  ...orderEvents,
  ...positionEvents,
  ...signalEvents,
  ...operationsEvents,
  ...moveEvents,
] as const;

export const EventBody = z.discriminatedUnion('type', eventTypes);
type AnyBody = z.output<typeof EventBody>;

export type EventType = AnyBody['type'];

/** What happened, without who saw it and when: what rules decide and translators produce; of one type, some, or any. */
export type EventBody<Type extends EventType = EventType> = Extract<AnyBody, { type: Type }>;

type Envelope = z.output<z.ZodObject<typeof envelope>>;

// Looked up by name, member by member: intersecting whole unions with each other costs the compiler minutes.
type Events = { readonly [Type in EventType]: Envelope & EventBody<Type> };
type RecordedEvents = { readonly [Type in EventType]: Envelope & Place & EventBody<Type> };

/** An event on its way to the log. */
export type Event = Events[EventType];

/** The event of one type, or of some. */
export type EventOf<Type extends EventType> = Events[Type];

/** A place in the log. `version` counts the account's events from 1, `position` all events from 1. */
export interface Place {
  readonly position: number;
  readonly version: number;
  readonly recordedtime: Instant;
}

/** An event with its place in the log: final. */
export type RecordedEvent = RecordedEvents[EventType];

/** The recorded event of one type, or of some. */
export type Recorded<Type extends EventType> = RecordedEvents[Type];

interface Contract {
  readonly read: (input: unknown) => z.ZodSafeParseResult<Event>;
  readonly by: StatedBy;
  readonly version: number;
}

const contracts = new Map<string, Contract>(
  eventTypes.map((each) => {
    const schema = z.strictObject({ ...envelope, ...each.shape }) as z.ZodType<Event>;
    return [each.shape.type.value, { read: readerOf(schema), ...termsOf(each) }];
  }),
);

/** The version of a type's shape that this build writes. Older ones are lifted where the log is read. */
export const versionOf = (type: EventType): number => present(contracts.get(type), `${type} is no event`).version;

/** Who may state an event of this type. */
export const statedBy = (type: EventType): StatedBy => present(contracts.get(type), `${type} is no event`).by;

/** Reads one event from the intake: exact shapes only, so that what is stored is what is documented. */
export function parseEvent(input: unknown): { ok: true; value: Event } | { ok: false; error: string } {
  const type = typeOf(input);
  const contract = contracts.get(type);
  if (!contract) return { ok: false, error: `unknown event type ${type.slice(0, 64)}` };
  const parsed = contract.read(input);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, error: z.prettifyError(parsed.error).slice(0, 512) };
}

const typeOf = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'type' in input && typeof input.type === 'string' ? input.type : '';
