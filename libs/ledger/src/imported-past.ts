import type { Command, ImportedAnswer } from '@core/contracts/command';
import type { Event } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import type { EventLogWriter, FirstAnswer } from '@core/event-log/event-log';
import { whyUnstorable } from '@core/event-log/storable';
import { parseOfAnyBuild } from '@core/event-log/upcast';
import { z } from 'zod';

/** Of an event of another log what places it among those of its account; the rest is judged as this build reads it. */
const Numbered = z.looseObject({ version: z.int().positive() });

interface PastEvent {
  readonly version: number;
  readonly event: Event;
}

interface Readout {
  readonly events: readonly PastEvent[];
  readonly answers: readonly ImportedAnswer[];
  /** Ids that the log had of them when it was asked. */
  readonly held: ReadonlySet<Uuid>;
  readonly why: string | null;
}

/** What commands bring of an account's past in another log: read before it is decided on, and recorded with the batch. */
export class ImportedPast {
  private readonly readouts = new Map<Uuid, Readout>();

  constructor(private readonly log: Pick<EventLogWriter, 'holding' | 'answeredOf' | 'lookUpCommandsOf'>) {}

  /** Makes ready what deciding on a command needs, until `forget`. */
  async prepare(command: Command): Promise<void> {
    if (command.type === 'ArriveAccount') await this.log.lookUpCommandsOf(command.subject);
    if (command.type !== 'ImportEvents') return;
    const read = readPast(command.subject, command.data.events);
    const ids = command.data.answers.map(({ commandid }) => commandid);
    const [held, kept] = await Promise.all([
      this.log.holding(read.events.map(({ event }) => event.id)),
      this.log.answeredOf(ids),
    ]);
    const answers = command.data.answers.filter(({ commandid }) => !kept.has(commandid));
    this.readouts.set(command.commandid, { ...read, answers, held });
  }

  forget(commandid: Uuid): void {
    this.readouts.delete(commandid);
  }

  /** Why it cannot follow on this version of its account, or null. */
  whyUnfit(commandid: Uuid, version: number): string | null {
    const read = this.readouts.get(commandid);
    if (!read) return 'it was not read';
    if (read.why !== null) return read.why;
    const fresh = read.events.filter((each) => each.version > version);
    const [first] = fresh;
    if (first && first.version !== version + 1)
      return `version ${first.version} is to follow on ${version}: what is between comes first`;
    const taken = fresh.find(({ event }) => read.held.has(event.id));
    return taken ? `the log has another event of the id ${taken.event.id}` : null;
  }

  /** Those that come after this version. */
  events(commandid: Uuid, version: number): readonly Event[] {
    const read = this.readouts.get(commandid)?.events ?? [];
    return read.filter((each) => each.version > version).map(({ event }) => event);
  }

  /** What commands were answered there, so far as nobody has answered them here. */
  answers(commandid: Uuid): readonly FirstAnswer[] {
    return (this.readouts.get(commandid)?.answers ?? []).map(({ answer, ...kept }) => ({
      ...{ ...kept, answer },
      eventIds: answer.ok ? answer.eventIds : [],
    }));
  }
}

/** All of it or nothing: events of this account alone, one version after the other, that this build can read. */
function readPast(
  account: AccountId,
  given: readonly unknown[],
): { readonly events: readonly PastEvent[]; readonly why: string | null } {
  const events: PastEvent[] = [];
  const unfit = (why: string) => ({ events: [], why });
  for (const each of given) {
    const read = Numbered.safeParse(each);
    if (!read.success) return unfit('an event without a version');
    const { version, position: _position, recordedtime: _recorded, ...rest } = read.data;
    const stored: unknown = rest;
    const event = stored as Event;
    const why = whyUnreadable(event, account);
    if (why !== null) return unfit(`version ${version}: ${why}`);
    const before = events.at(-1);
    if (before && version !== before.version + 1) return unfit(`version ${version} follows on ${before.version}`);
    events.push({ version, event });
  }
  return { events, why: null };
}

function whyUnreadable(event: Event, account: AccountId): string | null {
  if (event.subject !== account) return 'it is of another account';
  const read = parseOfAnyBuild(event);
  return read.ok ? whyUnstorable(event) : read.error;
}
