import type { Answer, Command } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import { ignoring } from '@core/contracts/ignoring';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { toMs } from '@core/kernel/instant';
import { spanIdOf } from './trace-context.ts';
import type { Span, SpanId } from './tracing.ts';

/** When a step began and ended, in milliseconds since 1970. */
type Took = Pick<Span, 'beganMs' | 'endedMs'>;

/** Samples are no step of any story. */
export const isSample = ignoring('EquityMarked');

/** A request of an edge, from its arrival to its answer: it begins the story. */
export const requestSpan = ({ request, accountId, correlation, failure }: RequestStep, took: Took): Span => ({
  ...{ name: request, kind: 'server', correlation, id: spanIdOf(correlation, 'request'), after: null },
  ...{ ...took, failure, attributes: accountId === null ? {} : { account: accountId } },
});

interface RequestStep {
  readonly request: string;
  readonly accountId: AccountId | null;
  readonly correlation: Uuid;
  readonly failure: string | null;
}

/** What a command goes back to: an event, a request that somebody made of an edge, or nothing. */
export interface CommandCause {
  readonly event: Uuid | undefined;
  readonly correlation: Uuid | undefined;
}

/** A command on its way to the ledger and back; `null` as answer: none came. */
export const askSpan = (command: Command, cause: CommandCause, answer: Answer | null, took: Took): Span => ({
  ...{ name: `ask ${command.type}`, kind: 'client', correlation: command.correlationid },
  ...{ id: askSpanId(command), after: leadingTo(cause) },
  ...{ ...took, attributes: attributesOf(command), failure: answer === null ? 'no answer' : refusalIn(answer) },
});

export const askSpanId = ({ commandid }: Command): SpanId => spanIdOf(commandid, 'ask');

function leadingTo({ event, correlation }: CommandCause): SpanId | null {
  if (event !== undefined) return spanIdOf(event);
  return correlation === undefined ? null : spanIdOf(correlation, 'request');
}

/** A command in the ledger, from its arrival to its answer; `after` is what asked. */
export const decisionSpan = (command: Command, after: SpanId | null, answer: Answer, took: Took): Span => ({
  ...{ name: `decide ${command.type}`, kind: 'server', correlation: command.correlationid },
  ...{ id: spanIdOf(command.commandid), after },
  ...{ ...took, attributes: attributesOf(command), failure: refusalIn(answer) },
});

/** An event on its way into the log. */
export const commitSpan = (event: RecordedEvent, took: Took): Span => stepOf(event, 'commit', took);

/** An event in the states of a process, since it is recorded. */
export const applySpan = (event: RecordedEvent, endedMs: number): Span =>
  stepOf(event, 'apply', { beganMs: toMs(event.recordedtime), endedMs });

/** What of an event its steps are told by. */
type StepEvent = Pick<
  RecordedEvent,
  'id' | 'type' | 'subject' | 'position' | 'correlationid' | 'causationid' | 'recordedtime'
>;

/** An event on somebody's screen, since it is recorded; `where` names the line or message. */
export const showSpan = (event: StepEvent, where: string, endedMs: number): Span => {
  const span = stepOf(event, 'show', { beganMs: toMs(event.recordedtime), endedMs });
  return { ...span, attributes: { ...span.attributes, where } };
};

/** A request at its broker, from its first byte to the first answer. */
export const brokerSpan = (
  { correlation, claim, kind, requestId, account, failure }: BrokerStep,
  took: Took,
): Span => ({
  ...{ name: `send ${kind}`, kind: 'client', correlation, id: null, after: spanIdOf(claim) },
  ...{ ...took, failure, attributes: { request: requestId, account } },
});

interface BrokerStep {
  readonly correlation: Uuid;
  /** The event by which it may be sent. */
  readonly claim: Uuid;
  readonly kind: string;
  readonly requestId: Uuid;
  readonly account: AccountId;
  readonly failure: string | null;
}

/** Those of a batch that are steps of a story. */
export const stepsAmong = (events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  events.filter((event) => !isSample(event));

function stepOf(event: StepEvent, step: 'commit' | 'apply' | 'show', took: Took): Span {
  const { id, type, subject, position, correlationid: correlation, causationid } = event;
  const isCommit = step === 'commit';
  const cause = causationid === null ? null : spanIdOf(causationid);
  return {
    ...{ name: `${step} ${type}`, kind: KINDS[step], correlation },
    ...{ id: isCommit ? spanIdOf(id) : null, after: isCommit ? cause : spanIdOf(id) },
    ...{ ...took, failure: null, attributes: { event: id, account: subject, position } },
  };
}

const KINDS = { commit: 'internal', apply: 'consumer', show: 'producer' } as const satisfies Record<
  string,
  Span['kind']
>;

const attributesOf = ({ commandid, subject }: Command): Span['attributes'] => ({
  command: commandid,
  account: subject,
});

const refusalIn = (answer: Answer): string | null => (answer.ok ? null : answer.refusal.reason);
