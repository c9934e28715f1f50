import type { Command } from '@core/contracts/command';
import type { Event } from '@core/contracts/event';
import { accountOfLane } from '@core/contracts/quarantine';
import { QUARANTINED_BYTES_MAX } from '@core/contracts/quarantined-bytes';
import { Uuid, type AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import type { HandedIn } from '@core/domain/decision';
import type { EventLogWriter } from '@core/event-log/event-log';
import { readJson } from '@core/kernel/foreign-json';
import { readIntakeMessage, type IntakeBounds } from './intake-message.ts';

/** A batch of its own around a single event; who it is does not matter, for it came before. */
const BATCH_OF_ONE = '00000000-0000-4000-8000-000000000000';

type Bounds = Omit<IntakeBounds, 'mayTellOfStranger'>;

interface Readout {
  readonly events: readonly Event[];
  readonly why: string | null;
}

/** What operators hand in again of the quarantine: read before it is decided on, as the intake reads it now. */
export class HandedInMessages {
  private readonly readouts = new Map<Uuid, Readout>();

  constructor(
    private readonly log: Pick<EventLogWriter, 'quarantined' | 'holding'>,
    private readonly bounds: () => Bounds,
  ) {}

  /** Makes ready what deciding on a command needs, until `forget`. */
  async prepare(command: Command): Promise<void> {
    if (command.type !== 'ReleaseMessage' && command.type !== 'ReplaceMessage') return;
    const kept = await this.log.quarantined(command.data.messageId);
    if (!kept) return;
    const body = command.type === 'ReplaceMessage' ? Buffer.from(command.data.body) : kept.body;
    const read = readHandedIn(kept.origin, body, this.bounds());
    const held = await this.log.holding(read.events.map(({ id }) => id));
    // Of what the log holds under its id nothing would be recorded: the case would be settled by nothing.
    const isHeld = read.why === null && read.events.every(({ id }) => held.has(id));
    this.readouts.set(command.commandid, isHeld ? { events: [], why: 'the log holds events of these ids' } : read);
  }

  forget(commandid: Uuid): void {
    this.readouts.delete(commandid);
  }

  /** Null where the quarantine holds no such message. */
  of(commandid: Uuid): HandedIn | null {
    const read = this.readouts.get(commandid);
    if (!read) return null;
    return read.why === null ? { ok: true, eventIds: read.events.map(({ id }) => id) } : { ok: false, why: read.why };
  }

  events(commandid: Uuid): readonly Event[] {
    return this.readouts.get(commandid)?.events ?? [];
  }
}

/** All of it or nothing: what was kept is a whole message of the intake, or one event of such. */
export function readHandedIn(origin: string, body: Uint8Array, bounds: Bounds): Readout {
  if (body.length >= QUARANTINED_BYTES_MAX)
    return { events: [], why: `only its first ${QUARANTINED_BYTES_MAX} bytes were kept` };
  const given = readJson(Buffer.from(body).toString('utf8'));
  if (given === undefined) return { events: [], why: 'it is not JSON' };
  const isBatch = typeof given === 'object' && given !== null && 'events' in given;
  const batch: unknown = isBatch ? given : { batchid: BATCH_OF_ONE, events: [given] };
  const account = accountOfLane(origin) ?? accountOf(isBatch && Array.isArray(given.events) ? given.events[0] : given);
  const bytes = isBatch ? body : Buffer.from(JSON.stringify(batch));
  const { events, deadLetters } = readIntakeMessage(subjects.intake(account ?? ''), origin, bytes, {
    ...bounds,
    mayTellOfStranger: () => true,
  });
  const why = deadLetters[0]?.kept.detail ?? (events.length === 0 ? 'it holds no event' : null);
  return { events, why };
}

const accountOf = (event: unknown): AccountId | null =>
  typeof event === 'object' && event !== null && 'subject' in event
    ? (Uuid.safeParse(event.subject).data ?? null)
    : null;
