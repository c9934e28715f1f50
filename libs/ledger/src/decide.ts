import type { Answer, Command } from '@core/contracts/command';
import { SCHEMA_VERSION, type Event, type EventBody } from '@core/contracts/event';
import type { Instant, RequestId, Uuid } from '@core/contracts/primitives';
import { refusal } from '@core/contracts/refusal';
import { requestOf } from '@core/contracts/request-step';
import { decideCommand, type AccountAggregate } from '@core/domain/account-aggregate';
import type { DecisionContext } from '@core/domain/decision';
import { whyUnstorable } from '@core/event-log/storable';

/** What the shell knows and rules must not look up. */
export interface Stamp {
  readonly now: Instant;
  readonly newId: () => Uuid;
  readonly source: string;
}

export interface Decided {
  readonly events: readonly Event[];
  /** Its position is filled in when it is committed. */
  readonly answer: Answer;
}

/** One command against one account: the domain's decision as events to commit and the answer that goes with them. */
export function decide(
  state: AccountAggregate,
  asked: ReadonlyMap<RequestId, Uuid>,
  command: Command,
  context: DecisionContext,
  stamp: Stamp,
): Decided {
  const decision = decideCommand(state, command, context);
  const events = decision.events.map((happening) => eventOf(happening, command, asked, stamp));
  const unstorable = events.map(whyUnstorable).find((why) => why !== null);
  if (unstorable) return { events: [], answer: { ok: false, refusal: refusal('malformed', unstorable) } };
  const answer: Answer = decision.refusal
    ? { ok: false, refusal: decision.refusal }
    : { ok: true, position: 0, eventIds: events.map(({ id }) => id) };
  return { events, answer };
}

const eventOf = (
  happening: EventBody,
  command: Command,
  asked: ReadonlyMap<RequestId, Uuid>,
  { now, newId, source }: Stamp,
): Event => ({
  id: newId(),
  schemaversion: SCHEMA_VERSION,
  source,
  subject: command.subject,
  time: now,
  correlationid: command.correlationid,
  causationid: causeOf(happening, asked) ?? command.commandid,
  ...happening,
});

/** A claim, and what comes of it, goes back to the event that asked for the request; the rest to the command itself. */
function causeOf(happening: EventBody, asked: ReadonlyMap<RequestId, Uuid>): Uuid | undefined {
  const mention = requestOf(happening);
  const goesOn = mention?.step === 'dispatched' || mention?.step === 'expired';
  return goesOn ? asked.get(mention.requestId) : undefined;
}
