import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, RequestId, Uuid } from '@core/contracts/primitives';
import type { Verification } from '@core/event-log/verify';

/** All that was seen of one run, once it had come to rest: what the rules are asked of. */
export interface RunRecord {
  /** The log's rows, as the database gives them. */
  readonly log: readonly RecordedEvent[];
  /** What recomputing the chain of digests came to. */
  readonly chain: Verification;
  readonly acknowledged: readonly Acknowledgement[];
  readonly heard: readonly HeardByReader[];
  readonly intake: IntakeSeen;
  readonly states: readonly KeptState[];
  readonly tables: readonly RebuiltTable[];
  /** In the order in which they were looked at. */
  readonly checkpoints: readonly SeenCheckpoint[];
  readonly answers: readonly InstanceAnswer[];
  readonly broker: BrokerSeen;
  readonly healings: readonly Healing[];
}

/** Somebody was told "done". */
export type Acknowledgement =
  /** An order of a client's: however often it sent the same wish, it is one. */
  | { readonly of: 'order'; readonly by: string; readonly wish: string; readonly requestId: RequestId }
  /** A strategy's signal, by the position that it opens. */
  | { readonly of: 'signal'; readonly by: string; readonly externalPositionId: string }
  /** An event whose sender was told its place. */
  | { readonly of: 'event'; readonly by: string; readonly id: Uuid; readonly position: number };

/** The numbered frames that one reader got, over all its connections. */
export interface HeardByReader {
  readonly reader: string;
  /** How much had been told of each account when it began; accounts that came later are not named. */
  readonly from: Readonly<Record<AccountId, number>>;
  readonly frames: readonly HeardFrame[];
}

export interface HeardFrame {
  readonly account: AccountId;
  /** Counts what is told of the account. */
  readonly sequence: number;
}

/** The intake stream as it stands, and how far the ledger says that it has taken it. */
export interface IntakeSeen {
  readonly messages: readonly IntakeMessageSeen[];
  readonly last: number;
  readonly taken: number;
  /** Cases that were set aside. */
  readonly quarantined: ReadonlySet<string>;
}

export interface IntakeMessageSeen {
  readonly sequence: number;
  readonly eventIds: readonly Uuid[];
  /** Cases that it must have led to. */
  readonly cases: readonly string[];
}

/** What a projection keeps of one account, with every event up to a position in it. */
export interface KeptState {
  readonly owner: string;
  readonly name: string;
  readonly version: number;
  readonly account: AccountId;
  readonly position: number;
  readonly state: unknown;
}

/** Rows that were filled while faults came, beside those that the same code makes of the log at rest. */
export interface RebuiltTable {
  readonly owner: string;
  readonly name: string;
  readonly position: number;
  readonly differing: readonly { readonly account: AccountId; readonly what: string }[];
}

export interface SeenCheckpoint {
  readonly reader: string;
  readonly position: number;
  /** The log's head, read afterwards. */
  readonly head: number;
}

/** What one instance of an edge said of an account when it had folded the log so far. */
export interface InstanceAnswer {
  readonly edge: string;
  readonly instance: string;
  readonly account: AccountId;
  readonly position: number;
  readonly answer: unknown;
}

/** The broker's own journal, and what stands in its books. */
export interface BrokerSeen {
  readonly sent: readonly SentToBroker[];
  readonly open: readonly { readonly account: AccountId; readonly brokerPositions: readonly string[] }[];
}

interface SentToBroker {
  /** Which request its comment speaks of; null where it is none of ours. */
  readonly requestId: RequestId | null;
  readonly place: string;
}

/** What became of one fault; null where the whole system was never well again. */
export interface Healing {
  readonly fault: string;
  /** From its end until all was well, whatever else was done meanwhile. */
  readonly afterMs: number | null;
  /** The last part of that, in which nothing was done any more. */
  readonly quietMs: number | null;
}
