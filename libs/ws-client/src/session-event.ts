import type { Account, BidAsk, Operation, PendingPosition, Position } from './models.ts';
import type { RequestState } from './trading.ts';

/** What every event of the log says of itself. */
interface Recorded {
  /** The same however often and to whomever it is sent. */
  readonly id: string;
  readonly accountId: string;
  /** Counts the events of one account, without a hole. */
  readonly sequence: number;
  /** Keep it when you have dealt with the event: a client that is given it goes on right after. */
  readonly cursor: string;
}

export type RecordedEvent = Recorded &
  (
    | { readonly type: 'account_event.account_added'; readonly account: Account }
    | {
        readonly type: 'account_event.account_update';
        /** As it stands after the operation. */
        readonly account: Account;
        /** Null where no balance moved. */
        readonly operation: Operation | null;
      }
    | {
        readonly type: 'position.created' | 'position.updated' | 'position.closed';
        /** Whole: it replaces what you knew of it. */
        readonly position: Position;
      }
    | {
        readonly type: `pending_position.${'created' | 'updated' | 'canceled' | 'failed' | 'executed'}`;
        /** Whole. After `canceled`, `failed` and `executed` it stands no longer. */
        readonly pending: PendingPosition;
      }
  );

/** Everything that stands of `accountIds`: it replaces whatever you knew of them. */
export interface Snapshot {
  readonly type: 'snapshot';
  readonly accountIds: readonly string[];
  readonly accounts: readonly Account[];
  /** The open ones. */
  readonly positions: readonly Position[];
  readonly pendings: readonly PendingPosition[];
  readonly cursor: string;
}

/** What a `WsClient` yields, in order. */
export type SessionEvent =
  | RecordedEvent
  | Snapshot
  /** Everything that was missed has been yielded; what follows happens now. */
  | { readonly type: 'replayed'; readonly cursor: string }
  | { readonly type: 'bid_ask'; readonly quote: BidAsk }
  /** A trading request of this session stands differently now. */
  | { readonly type: 'request_update'; readonly request: RequestState }
  /** What the server says of the session, as it stands on the wire: `going_away`, `key_expiring`, … */
  | { readonly type: 'notice'; readonly notice: { readonly kind: string } & Readonly<Record<string, unknown>> }
  | { readonly type: 'connected'; readonly sessionId: string }
  /** The client comes back by itself, after `retryInMs`; null while what it holds has not been read. */
  | {
      readonly type: 'disconnected';
      readonly code: number;
      readonly reason: string;
      readonly retryInMs: number | null;
    };
