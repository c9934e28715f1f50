import type { Answer, Command } from '@core/contracts/command';
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
import type { Instruments } from './instruments.ts';
import type { RequestAges } from './request-ages.ts';

/** What deciding looks things up in, and how it signs what it decides. */
export interface DecidingParts {
  readonly aggregates: Aggregates;
  readonly instruments: Pick<Instruments, 'lookUp'>;
  readonly limits: Limits;
  readonly ages: Pick<RequestAges, 'ageMs'>;
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
  { aggregates, instruments, limits, ages, newId, source }: DecidingParts,
  { head, now, recordedtime }: LogEnd,
): Decisions {
  const events: Event[] = [];
  const placed: RecordedEvent[] = [];
  const context: DecisionContext = {
    now,
    system: aggregates.known(SYSTEM_ACCOUNT).state.risk,
    limits,
    ageMs: (askedBy, askedAt) => ages.ageMs(askedBy, askedAt),
    instrument: (venue, instrument) => instruments.lookUp(venue, instrument),
  };
  const answers: FirstAnswer[] = [];
  const passing = new Map<Uuid, Answer>();
  for (const command of commands) {
    const { commandid } = command;
    const known = aggregates.known(command.subject);
    const decided = decide(known, command, context, { newId, source });
    const { answer } = decided;
    for (const event of decided.events) {
      const recorded = { ...event, position: head + placed.length + 1, version: known.version + 1, recordedtime };
      aggregates.apply(recorded);
      placed.push(recorded);
    }
    events.push(...decided.events);
    const eventIds = decided.events.map(({ id }) => id);
    const isKept =
      command.type !== 'CheckRequest' && (answer.ok || eventIds.length > 0 || !isPassing(answer.refusal.reason));
    if (isKept) answers.push({ commandid, content: commandContent(command), eventIds, answer });
    else passing.set(commandid, answer);
  }
  return { events, placed, answers, passing };
}

/** One command against one account: the domain's decision as events to commit, and an answer without its position. */
function decide(
  { state }: Known,
  command: Command,
  context: DecisionContext,
  { newId, source }: Pick<DecidingParts, 'newId' | 'source'>,
): { readonly events: readonly Event[]; readonly answer: Answer } {
  const decision = decideCommand(state, command, context);
  const events = decision.events.map((body): Event => ({
    id: newId(),
    schemaversion: versionOf(body.type),
    source,
    subject: command.subject,
    time: context.now,
    correlationid: command.correlationid,
    causationid: causeOf(body, state) ?? command.commandid,
    ...body,
  }));
  const unstorable = events.map(whyUnstorable).find((why) => why !== null);
  if (unstorable) return { events: [], answer: { ok: false, refusal: refusal('malformed', unstorable) } };
  const answer: Answer = decision.refusal
    ? { ok: false, refusal: decision.refusal }
    : { ok: true, position: 0, eventIds: events.map(({ id }) => id) };
  return { events, answer };
}

/** A claim, and what comes of it, goes back to the event that asked for the request; the rest to the command itself. */
function causeOf({ type, data }: EventBody, { requests }: AccountAggregate): Uuid | undefined {
  const goesOn = type === 'RequestDispatched' || type === 'RequestExpired';
  return goesOn ? requests.open[data.requestId]?.askedBy : undefined;
}
