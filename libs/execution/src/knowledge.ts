import type { AccountId, ContractTerms, Instant, Instrument, RequestId } from '@core/contracts/primitives';
import { requestOfToken } from '@core/contracts/order-token';
import type { BookRequest, BrokerBook } from './broker-book.ts';
import type { Fact } from './fact.ts';
import type { Trade } from '@core/xapi/translate/sighting';

/** What a session has seen or learnt that no event says (yet). Lost with the process, and rebuilt by reconciliation. */
export interface Memory {
  /** The broker's numbers of our requests, from replies, before an acceptance puts them into the log. */
  readonly requestOfNumber: ReadonlyMap<string, RequestId>;
  readonly numberOfRequest: ReadonlyMap<RequestId, string>;
  /** Positions whose end was announced and whose closing deal is still to come. */
  readonly closing: ReadonlyMap<string, number>;
  /** Orders that left the broker's book for a reason still to be found. */
  readonly goneOrders: ReadonlyMap<string, Gone>;
  /** Closing deals seen and not told yet, by position. */
  readonly deals: ReadonlyMap<string, readonly Trade[]>;
  /** What stands of positions after a partial close whose deal is not told yet. */
  readonly rests: ReadonlyMap<string, Remainder>;
}

export interface Gone {
  readonly sinceMs: number;
  /** An unchanged record came just before: the broker was about to trigger it (wire-behaviour §7.5). */
  readonly triggering: boolean;
}

/** What remains of a position, and under which number. */
export interface Remainder {
  readonly position: string;
  readonly brokerPosition: string;
  readonly trade: Trade;
}

/** All that a translation looks at beside the record itself. */
export interface Knowledge {
  readonly account: AccountId;
  readonly book: BrokerBook;
  readonly memory: Memory;
  /** Null while the venue's description of the instrument is not known. */
  contractOf(instrument: Instrument): ContractTerms | null;
}

/** How a record came to be looked at. */
export interface Observation {
  /** The server's time of now, for what the record does not date. */
  readonly at: Instant;
  /** From a snapshot instead of the stream. */
  readonly inferred: boolean;
  /** What would explain it has had time to come and did not: conclude from what there is. */
  readonly late: boolean;
}

/**
 * What a record says that the book does not. `waitFor` names what must come first; nothing was concluded then.
 * `rest` is to be remembered for the deal that explains it.
 */
export interface Conclusion {
  readonly facts: readonly Fact[];
  readonly waitFor?: 'instrument' | 'order' | 'reply' | 'deal' | 'rest' | 'position';
  readonly rest?: Remainder;
}

export const noNews: Conclusion = { facts: [] };
export const waitFor = (what: NonNullable<Conclusion['waitFor']>): Conclusion => ({ facts: [], waitFor: what });

/** Requests that were sent, or may have been, and are not settled. */
export const awaitsOutcome = ({ status }: BookRequest): boolean => status === 'dispatched' || status === 'unknown';

/** The broker's number of a request, as far as anybody has said it. */
export const numberOf = ({ memory }: Knowledge, request: BookRequest): string | null =>
  request.brokerRequest ?? memory.numberOfRequest.get(request.requestId) ?? null;

/** The request that a broker's number or, where that is unknown, a comment speaks of; only ones still in the book. */
export function requestFor(view: Knowledge, brokerRequest: string, comment: string | null): BookRequest | null {
  const { requests } = view.book;
  const acknowledged = view.memory.requestOfNumber.get(brokerRequest);
  if (acknowledged !== undefined) return requests[acknowledged] ?? null;
  const numbered = Object.values(requests).find((request) => request.brokerRequest === brokerRequest);
  if (numbered) return numbered;
  const marked = requests[requestOfToken(comment) ?? ''];
  return marked && numberOf(view, marked) === null ? marked : null;
}
