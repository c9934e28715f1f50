import type { Event, RecordedEvent } from '@core/contracts/event';
import type { Answer } from '@core/contracts/command';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';

/** Where in the intake the ledger stands: which incarnation of the stream, and the last message taken from it. */
export interface IntakeCheckpoint {
  /** Changes when the stream is created anew. */
  readonly incarnation: string;
  readonly sequence: number;
  /** Identity of the message at `sequence`, to notice a broker that lost its tail. */
  readonly batchid: Uuid | null;
}

/** Everything that one transaction makes true, or none of it. */
export interface AppendBatch {
  readonly events: readonly Event[];
  /** First answers of the commands in this batch, by command id; a repeated command gets them again. */
  readonly answers: readonly {
    readonly commandid: Uuid;
    readonly eventIds: readonly Uuid[];
    readonly answer: Answer;
  }[];
  /** Null when nothing of the batch came from the intake. */
  readonly checkpoint: IntakeCheckpoint | null;
  readonly recordedtime: Instant;
}

export interface Appended {
  /** The new events with their places, in order. */
  readonly recorded: readonly RecordedEvent[];
  /** Events the log already held under the same id with the same content. */
  readonly known: readonly { readonly id: Uuid; readonly position: number }[];
  /** Events whose id the log holds with other content; not recorded. */
  readonly conflicting: readonly Event[];
}

/** How far back an account's past is wanted; both bounds are inclusive. */
export interface Until {
  readonly position?: number;
  readonly time?: Instant;
}

/** The log as its readers see it: positions 1 to head without a hole, and never one that may still disappear. */
export interface EventLog {
  head(): Promise<number>;
  /** Everything after a position in order, in pages, up to the head at the time of the call. */
  read(after: number): AsyncIterable<readonly RecordedEvent[]>;
  /** One account's events in order, after a version. */
  readAccount(account: AccountId, afterVersion?: number, until?: Until): AsyncIterable<readonly RecordedEvent[]>;
  /** The events of one chain of cause, in order. */
  readCorrelation(correlationid: Uuid): Promise<readonly RecordedEvent[]>;
}

/** The log as the ledger sees it. One writer at a time: a second one fails with `LogFenced`. */
export interface EventLogWriter extends EventLog {
  append(batch: AppendBatch): Promise<Appended>;
  checkpoint(): Promise<IntakeCheckpoint | null>;
  answers(commandids: readonly Uuid[]): Promise<ReadonlyMap<Uuid, Answer>>;
}
