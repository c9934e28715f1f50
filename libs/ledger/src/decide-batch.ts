import type { Answer, Command, CommandType } from '@core/contracts/command';
import { commandContent } from '@core/contracts/command-content';
import { versionOf, type Event, type EventBody, type RecordedEvent } from '@core/contracts/event';
import { SYSTEM_ACCOUNT, type Instant, type Uuid } from '@core/contracts/primitives';
import { isPassing, refusal } from '@core/contracts/refusal';
import type { AccountAggregate } from '@core/domain/account-aggregate';
import { decideCommand } from '@core/domain/decide-command';
import type { DecisionContext, Limits } from '@core/domain/decision';
import type { FirstAnswer } from '@core/event-log/event-log';
import { whyUnstorable } from '@core/event-log/storable';
import type { Aggregates, Known } from './aggregates.ts';
import { isRecordedHere } from '@core/domain/residence';
import type { HandedInMessages } from './handed-in.ts';
import type { ImportedPast } from './imported-past.ts';
import type { Instruments } from './instruments.ts';
import type { RefusalJournal } from './refusal-journal.ts';
import type { RequestAges } from './request-ages.ts';

/** What deciding looks things up in, and how it signs what it decides. */
export interface DecidingParts {
  readonly aggregates: Aggregates;
  readonly instruments: Pick<Instruments, 'lookUp'>;
  readonly market: DecisionContext['market'];
  readonly limits: Limits;
  readonly ages: Pick<RequestAges, 'ageMs'>;
  readonly refusals: Pick<RefusalJournal, 'keep'>;
  readonly handedIn: Pick<HandedInMessages, 'of' | 'events'>;
  readonly past: Pick<ImportedPast, 'whyUnfit' | 'events' | 'answers'>;
  readonly newId: () => Uuid;
  /** The build, as it stands in events. */
  readonly source: string;
}

/** Where the log ends, what time it is, and when the next batch is recorded: not before the one before it. */
export interface LogEnd {
  readonly head: number;
  readonly now: Instant;
  readonly recordedtime: Instant;
}

/** What commands led to, and the answers that go with it. */
export interface Decisions {
  readonly events: readonly Event[];
  /** The same events where they will stand in the log. */
  readonly placed: readonly RecordedEvent[];
  /** Of others, to be recorded with them: what operators handed in again. */
  readonly handedIn: readonly Event[];
  /** Of accounts that come from another log: what happened there. Nothing is to be done about it here. */
  readonly imported: readonly Event[];
  /** Those to be kept: what left a trace, and what will not pass. A mere question is forgotten. */
  readonly answers: readonly FirstAnswer[];
  /** The others: told, and forgotten. */
  readonly passing: ReadonlyMap<Uuid, Answer>;
}

/**
 * Decides commands one after the other, each knowing what those before it led to.
 * They change the aggregates before they are committed; a commit that fails therefore ends the process.
 */
export function decideBatch(
  commands: readonly Command[],
  { aggregates, instruments, market, limits, ages, refusals, handedIn, past, newId, source }: DecidingParts,
  { head, now, recordedtime }: LogEnd,
): Decisions {
  const events: Event[] = [];
  const placed: RecordedEvent[] = [];
  const again: Event[] = [];
  const imported: Event[] = [];
  const system = aggregates.known(SYSTEM_ACCOUNT).state;
  const context: DecisionContext = {
    now,
    system: system.risk,
    systemLimits: system.limits,
    market,
    limits,
    ageMs: (askedBy, askedAt) => ages.ageMs(askedBy, askedAt),
    instrument: (venue, instrument) => instruments.lookUp(venue, instrument),
    handedIn: (commandid) => handedIn.of(commandid),
    arrivals: system.arrivals,
    whyUnfit: (commandid, account) => past.whyUnfit(commandid, aggregates.known(account).version),
  };
  const kept = (command: Command, why: Parameters<RefusalJournal['keep']>[1]): readonly Event[] => {
    const body = refusals.keep(command, why);
    const event = body && eventOf(body, command, refusedAt(command, now), { newId, source });
    return event === null || whyUnstorable(event) !== null ? [] : [event];
  };
  const answers: FirstAnswer[] = [];
  const passing = new Map<Uuid, Answer>();
  for (const command of commands) {
    const { commandid } = command;
    const known = aggregates.known(command.subject);
    const decided = decide(known, command, context, { newId, source });
    const { answer } = decided;
    const no = refusalIn(command, answer);
    const isHere = isRecordedHere(known.state.residence, system.arrivals[command.subject] ?? null);
    const isKeptNo = no !== null && decided.events.length === 0 && known.state.account.registration !== null && isHere;
    const led = isKeptNo ? kept(command, no) : decided.events;
    for (const event of led) {
      const recorded = { ...event, position: head + placed.length + 1, version: known.version + 1, recordedtime };
      aggregates.apply(recorded);
      placed.push(recorded);
    }
    events.push(...led);
    if (answer.ok && led.length > 0) again.push(...handedIn.events(commandid));
    if (answer.ok) imported.push(...past.events(commandid, known.version));
    if (answer.ok) answers.push(...past.answers(commandid));
    const eventIds = decided.events.map(({ id }) => id);
    const isFinal = answer.ok || eventIds.length > 0 || !isPassing(answer.refusal.reason);
    const isKept = command.type === 'RecordRefusal' ? led.length > 0 : isFinal && !QUESTIONS.has(command.type);
    if (isKept) answers.push({ commandid, content: commandContent(command), eventIds, answer });
    else passing.set(commandid, answer);
  }
  return { events, placed, handedIn: again, imported, answers, passing };
}

/** What is asked and not wanted: the answer is of its moment. */
const QUESTIONS: ReadonlySet<CommandType> = new Set<CommandType>(['CheckRequest', 'CheckDispatch']);

/** Our no to a command, or the one that it tells of. */
function refusalIn(command: Command, answer: Answer): Parameters<RefusalJournal['keep']>[1] | null {
  if (command.type === 'RecordRefusal') return command.data;
  return answer.ok ? null : answer.refusal;
}

/** An edge may have refused long before it could tell; its clock knows nothing of what is to come. */
const refusedAt = ({ type, time }: Command, now: Instant): Instant =>
  type === 'RecordRefusal' && time < now ? time : now;

/** One command against one account: the domain's decision as events to commit, and an answer without its position. */
function decide(
  { state }: Known,
  command: Command,
  context: DecisionContext,
  { newId, source }: Pick<DecidingParts, 'newId' | 'source'>,
): { readonly events: readonly Event[]; readonly answer: Answer } {
  const decision = decideCommand(state, command, context);
  const events = decision.events.map((body) => ({
    ...eventOf(body, command, context.now, { newId, source }),
    causationid: causeOf(body, state) ?? command.commandid,
  }));
  const unstorable = events.map(whyUnstorable).find((why) => why !== null);
  if (unstorable) return { events: [], answer: { ok: false, refusal: refusal('malformed', unstorable) } };
  const answer: Answer = decision.refusal
    ? { ok: false, refusal: decision.refusal }
    : { ok: true, position: 0, eventIds: events.map(({ id }) => id) };
  return { events, answer };
}

const eventOf = (
  body: EventBody,
  { subject, correlationid, commandid }: Command,
  time: Instant,
  { newId, source }: Pick<DecidingParts, 'newId' | 'source'>,
): Event => ({
  ...{ id: newId(), schemaversion: versionOf(body.type), source, subject, time, correlationid, causationid: commandid },
  ...body,
});

/** A claim, and what comes of it, goes back to the event that asked for the request; the rest to the command itself. */
function causeOf({ type, data }: EventBody, { requests }: AccountAggregate): Uuid | undefined {
  const goesOn = type === 'RequestDispatched' || type === 'RequestExpired';
  return goesOn ? requests.open[data.requestId]?.askedBy : undefined;
}
