import { parseEvent, statedBy, type Event } from '@core/contracts/event';
import { INTAKE_EVENTS_MAX } from '@core/contracts/feed';
import { quarantinedContent } from '@core/contracts/quarantine';
import { SYSTEM_ACCOUNT, Uuid, type AccountId, type Instant } from '@core/contracts/primitives';
import { whyEnvelopeUnstorable, whyTextUnstorable, whyUnstorable } from '@core/event-log/storable';
import { readerOf } from '@core/contracts/reader-of';
import { readJson, whyTooDeep } from '@core/kernel/foreign-json';
import { daysFrom } from '@core/kernel/instant';
import { uuidV5 } from '@core/kernel/uuid';
import { z } from 'zod';
import { deadLetterOf, type DeadLetter } from './dead-letter.ts';

/** One message of the intake, read as far as it can be. */
export interface IntakeMessage {
  /** Who this message is, to recognise it when the stream is read again. */
  readonly identity: Uuid;
  readonly events: readonly Event[];
  readonly deadLetters: readonly DeadLetter[];
  readonly bytes: number;
}

/** What an intake message is measured by beside its own words. */
export interface IntakeBounds {
  readonly now: Instant;
  isRegistered(account: AccountId): boolean;
  /** Asked of each that comes of an account that nobody registered: somebody who sends without end fills no log. */
  mayTellOfStranger(): boolean;
}

/** A broker's clock may be a day ahead of the ledger's: further, and somebody else's word would order our past. */
const latestAt = daysFrom(1);

const readBatch = readerOf(z.object({ batchid: Uuid, events: z.array(z.unknown()).max(INTAKE_EVENTS_MAX) }));

/** Reads a message whatever it holds: what is no event of its account is set aside, the rest goes its way. */
export function readIntakeMessage(
  subject: string,
  origin: string,
  body: Uint8Array,
  { now, isRegistered, mayTellOfStranger }: IntakeBounds,
): IntakeMessage {
  const account = subject.slice(subject.lastIndexOf('.') + 1);
  const isKnown = isRegistered(account);
  const told = (deadLetters: readonly DeadLetter[]): readonly DeadLetter[] =>
    isKnown ? deadLetters : deadLetters.filter(mayTellOfStranger);
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const setAside = (detail: string): IntakeMessage => {
    const deadLetter = deadLetterOf(body, { origin, reason: 'malformed', detail, id: null });
    return { identity: identityOf(body), events: [], deadLetters: told([deadLetter]), bytes: body.length };
  };
  const batch = readBatch(readJson(text));
  if (!batch.success) return setAside(z.prettifyError(batch.error));
  // A look at the whole text mostly spares one at each event.
  const whyUnfit = whyTextUnstorable(text) === null ? whyEnvelopeUnstorable : whyUnstorable;
  const latest = latestAt(now);
  const whyNot = (event: Event): string | null => {
    if (event.subject !== account) return `came on the subject of account ${account.slice(0, 64)}`;
    if (statedBy(event.type) === 'ledger') return `only the ledger decides ${event.type}`;
    if (!isKnown) return `account ${account} is not registered`;
    return event.time > latest ? 'time lies in the future' : whyUnfit(event);
  };
  const events: Event[] = [];
  const deadLetters: DeadLetter[] = [];
  for (const given of batch.data.events) {
    const read = readEvent(given, whyNot);
    if (read.ok) {
      events.push(read.value);
      continue;
    }
    // What is no event may be nested so deep that telling of it overflows the stack: the message's bytes tell it then.
    const tooDeep = deadLetters.length === 0 ? whyTooDeep(text) : null;
    if (tooDeep !== null) return setAside(tooDeep);
    const why = { origin, reason: 'malformed', detail: read.error, id: idIn(given) } as const;
    deadLetters.push(deadLetterOf(Buffer.from(JSON.stringify(given)), why));
  }
  return { identity: batch.data.batchid, events, deadLetters: told(deadLetters), bytes: body.length };
}

/** Of what claims to be an event and cannot be recorded. */
const idIn = (event: unknown): unknown =>
  event !== null && typeof event === 'object' && 'id' in event ? event.id : null;

/** An event that reads well and reuses an id. */
export function deadLetterOfConflict(event: Event): DeadLetter {
  const reason = 'same-id-other-content';
  const why = { origin: 'intake', reason, detail: 'its id is taken', id: event.id } as const;
  return deadLetterOf(Buffer.from(JSON.stringify(event)), why, quarantinedContent(event, reason));
}

/** A message without a readable batch id is known by its bytes. */
const identityOf = (body: Uint8Array): Uuid => uuidV5(SYSTEM_ACCOUNT, Buffer.from(body).toString('latin1'));

function readEvent(given: unknown, whyNot: (event: Event) => string | null): ReturnType<typeof parseEvent> {
  const parsed = parseEvent(given);
  if (!parsed.ok) return parsed;
  const why = whyNot(parsed.value);
  return why === null ? parsed : { ok: false, error: why };
}
