import type { Answer, Command } from '@core/contracts/command';
import type { Event, EventBody, RecordedEvent } from '@core/contracts/event';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';
import type { ForgottenCounts, Horizons } from './forgetting.ts';

/** Where in the intake the ledger stands: which incarnation of the stream, and the last message taken from it. */
export interface IntakeCheckpoint {
  /** Changes when the stream is created anew. */
  readonly incarnation: string;
  readonly sequence: number;
  /** Identity of the message at `sequence`, to notice a broker that lost its tail. */
  readonly batchid: Uuid | null;
}

/** What a command was answered for good, and what it had asked for. */
export interface KeptAnswer {
  readonly answer: Answer;
  /** `commandContent` the command; null of one that was kept before anybody asked for it. */
  readonly content: Uuid | null;
}

/** The first answer to a command, to be kept beside what it led to. A repeated command gets it again. */
export interface FirstAnswer {
  readonly commandid: Uuid;
  /** Null of one that another log kept before anybody asked for it. */
  readonly content: Uuid | null;
  /** The command's own events, all of them in the same batch. */
  readonly eventIds: readonly Uuid[];
  /** Its `position` is filled in by the log: the last of the events, or where the log stood without any. */
  readonly answer: Answer;
}

/** What came in and cannot be recorded, kept for operators. Its texts went through `storableText`. */
export interface Quarantined {
  /** Derived from the content: the same bytes again are the same case. */
  readonly messageId: string;
  /** Where it came from, e.g. the subject and the place in the stream. */
  readonly origin: string;
  readonly reason: EventBody<'MessageQuarantined'>['data']['reason'];
  readonly detail: string;
  /** As it came, bounded by the caller. */
  readonly body: Uint8Array;
}

/** Everything that one transaction makes true, or none of it. */
export interface AppendBatch {
  readonly events: readonly Event[];
  readonly answers: readonly FirstAnswer[];
  readonly quarantined: readonly Quarantined[];
  /** Null when nothing of the batch came from the intake. */
  readonly checkpoint: IntakeCheckpoint | null;
  /** The log never lets it go back: a batch is at least as late as the one before. */
  readonly recordedtime: Instant;
}

export interface Appended {
  /** The new events with their places, in order. */
  readonly recorded: readonly RecordedEvent[];
  /** Events the log already held under the same id with the same content. */
  readonly known: readonly { readonly id: Uuid; readonly position: number }[];
  /** Events whose id the log holds with other content; not recorded. */
  readonly conflicting: readonly Event[];
  /** The answers as they were stored. */
  readonly answers: ReadonlyMap<Uuid, Answer>;
}

/** How far back an account's past is wanted; both bounds are inclusive, `time` is when events were recorded. */
export interface Until {
  readonly position?: number;
  readonly time?: Instant;
}

/** The log as its readers see it: positions 1 to head without a hole, and never one that may still disappear. */
export abstract class EventLog {
  abstract head(): Promise<number>;
  /** Everything after a position in order, in pages, up to another, and to the head at the time of the call at most. */
  abstract read(after: number, last?: number): AsyncIterable<readonly RecordedEvent[]>;
  /** SHA-256 in hex of the stored lines after a position up to another, so far as the log holds them: `encodeLine` of each. */
  abstract digest(after: number, last: number): Promise<string>;
  /** Those of these ids that events of the log have. */
  abstract holding(ids: readonly Uuid[]): Promise<ReadonlySet<Uuid>>;
  /** One account's events in order, after a version. */
  abstract readAccount(
    account: AccountId,
    afterVersion?: number,
    until?: Until,
  ): AsyncIterable<readonly RecordedEvent[]>;
  /** The events of one chain of cause, in order. */
  abstract readCorrelation(correlationid: Uuid): Promise<readonly RecordedEvent[]>;
}

/** The log as the ledger sees it. One writer at a time: whoever opened it last; an earlier one gets `LogFenced`. */
export interface EventLogWriter extends EventLog {
  /**
   * Commits a batch. An event whose id is known adds nothing; the rest of the batch is recorded all the same.
   * Any error leaves open whether it was committed: end the process, and read the checkpoint when it is back.
   */
  append(batch: AppendBatch): Promise<Appended>;
  /** Those that have events, and have not departed to another log. */
  accounts(): Promise<Set<AccountId>>;
  checkpoint(): Promise<IntakeCheckpoint | null>;
  /** What was kept of a message that could not be recorded. */
  quarantined(messageId: string): Promise<Quarantined | null>;
  /** First answers of those commands that have one; of one that was forgotten as the log tells it. */
  answers(commands: readonly Command[]): Promise<ReadonlyMap<Uuid, KeptAnswer>>;
  /** Those of these commands whose first answer is kept as it was given. */
  answeredOf(commandids: readonly Uuid[]): Promise<ReadonlySet<Uuid>>;
  /**
   * Commands that led to what this account did in another log, and whose answer that had forgotten, are looked up here from
   * now on as those that were forgotten here.
   */
  lookUpCommandsOf(account: AccountId): Promise<void>;
  /** The ids of all commands that had an answer when it was asked, in pages. */
  answered(): AsyncIterable<readonly Uuid[]>;
  /** False: no answer to it was forgotten. */
  mayHaveForgotten(commandid: Uuid): boolean;
  /** Forgets some of what is that old, and nothing that deduplication would miss; to be called again and again. */
  forget(horizons: Horizons): Promise<ForgottenCounts>;
}

/** Another writer took over. Nothing of the batch was recorded, and nothing ever will be by this one. */
export class LogFenced extends Error {
  readonly code = 'log-fenced';

  constructor() {
    super('another writer has taken over the log');
  }
}
