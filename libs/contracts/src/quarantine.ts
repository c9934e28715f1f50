// How the log names what it was sent and can never record. The same content is the same case, wherever it comes again.
import { uuidV5 } from '@core/kernel/uuid';
import type { Event, EventBody } from './event.ts';
import { SYSTEM_ACCOUNT, Uuid, type AccountId } from './primitives.ts';
import { jetStreams } from './subjects.ts';

type Reason = EventBody<'MessageQuarantined'>['data']['reason'];

/** What makes an event the case it is. When it was seen, and by whom, makes no other case of an id that is taken. */
export function quarantinedContent(event: Event, reason: Reason): Uint8Array {
  const { id, type, subject, schemaversion, data } = event;
  return Buffer.from(JSON.stringify(reason === 'malformed' ? event : { id, type, subject, schemaversion, data }));
}

/** `messageId` of the case. */
export const caseOf = (content: Uint8Array): string =>
  `${jetStreams.intake.name}/${uuidV5(SYSTEM_ACCOUNT, Buffer.from(content).toString('latin1'))}`;

/** The id under which the log tells of a case: it follows from the content, so that telling it again adds nothing. */
export const quarantineIdOf = (messageId: string): Uuid => uuidV5(SYSTEM_ACCOUNT, `quarantined|${messageId}`);

/** On whose lane a message came, by what was kept of where it came from; null where that does not say. */
export const accountOfLane = (origin: string): AccountId | null =>
  Uuid.safeParse(/^intake\.([^#]*)(?:#|$)/.exec(origin)?.[1]).data ?? null;
