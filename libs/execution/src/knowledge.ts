import type { AccountId, ContractTerms, Instant, Instrument, RequestId } from '@core/contracts/primitives';
import { requestOfToken } from '@core/contracts/order-token';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import type { Fact } from './fact.ts';
import type { DealReport, PositionReport, StandingReport } from './report.ts';

/** A moment as its caller sees it: `ms` on a clock that only goes forward, `at` in the broker's time. */
export interface Now {
  readonly ms: number;
  readonly at: Instant;
}

/** What a session has seen or learnt that no event says (yet). Lost with the process, and rebuilt by reconciliation. */
export interface Memory {
  /** The broker's numbers of our requests, from receipts, before an acceptance puts them into the log. */
  readonly requestOfNumber: ReadonlyMap<string, RequestId>;
  readonly numberOfRequest: ReadonlyMap<RequestId, string>;
  /** Positions whose end was announced and whose closing deal is still to come. */
  readonly closing: ReadonlyMap<string, number>;
  /** Orders that left the broker's book for a reason still to be found. */
  readonly goneOrders: ReadonlyMap<string, Gone>;
  /** Closing deals seen and not told yet, by position. */
  readonly deals: ReadonlyMap<string, readonly DealReport[]>;
  /** What stands of positions after a partial close whose deal is not told yet, by the position's number in the book. */
  readonly remainders: ReadonlyMap<string, PositionReport>;
  /** Reports that nothing explains yet. */
  readonly held: readonly HeldReport[];
}

export interface HeldReport {
  readonly report: StandingReport;
  readonly sinceMs: number;
}

export interface Gone {
  readonly sinceMs: number;
  /** It was told unchanged just before: the broker was about to trigger it. */
  readonly triggering: boolean;
}

/** All that is known of an account when something is concluded from a report. */
export interface Knowledge {
  readonly account: AccountId;
  readonly book: BrokerBook;
  readonly memory: Memory;
  /** Null while the venue's description of the instrument is not known. */
  contractOf(instrument: Instrument): ContractTerms | null;
}

/** How a report came to be looked at. */
export interface Observation {
  /** The broker's time of now, for what the report does not date. */
  readonly at: Instant;
  /** From a snapshot instead of the stream. */
  readonly inferred: boolean;
  /** What would explain it has had time to come and did not: conclude from what there is. */
  readonly late: boolean;
}

/**
 * What a report says that the book does not. `waitFor` names what must come first; nothing was concluded then.
 * `remainderOf`: the report shows what is left of this position, and is to be remembered for the deal that explains it.
 */
export interface Conclusion {
  readonly facts: readonly Fact[];
  readonly waitFor?: 'instrument' | 'order' | 'receipt' | 'deal' | 'remainder' | 'position';
  readonly remainderOf?: string;
}

export const noNews: Conclusion = { facts: [] };
export const waitFor = (what: NonNullable<Conclusion['waitFor']>): Conclusion => ({ facts: [], waitFor: what });

/** Requests that were sent, or may have been, and are not settled. */
export const awaitsOutcome = ({ status }: BookRequest): boolean => status === 'dispatched' || status === 'unknown';

/** The broker's number of a request, as far as anybody has said it. */
export const numberOf = ({ memory }: Knowledge, request: BookRequest): string | null =>
  request.brokerRequest ?? memory.numberOfRequest.get(request.requestId) ?? null;

/** The broker's number of what a report says stands. */
export const brokerKeyOf = (report: StandingReport): string =>
  report.about === 'position' ? report.position : report.order;

/**
 * The comment that a change of ours leaves: what stands now, whoever wrote it; but our own mark, which a broker's other
 * clients wipe without meaning to, is put back.
 */
export const commentLeft = (known: { readonly comment: string | null }, comment: string | null): string | null =>
  comment === null && requestOfToken(known.comment) !== null ? known.comment : comment;

/** Oldest first; those of one moment stay as they came. */
export const byClosing = (one: DealReport, other: DealReport): number =>
  (one.closedAt ?? '').localeCompare(other.closedAt ?? '');

/** Whether the book has what a report says stands. */
export const isInBook = ({ positions, orders }: BrokerBook, report: StandingReport): boolean =>
  report.about === 'position' ? report.position in positions : report.order in orders;

/** The request that a broker's number or, where that is unknown, a comment speaks of; only ones still in the book. */
export function requestFor(
  knowledge: Knowledge,
  brokerRequest: string | null,
  comment: string | null,
): BookRequest | null {
  const { requests } = knowledge.book;
  if (brokerRequest !== null) {
    const acknowledged = knowledge.memory.requestOfNumber.get(brokerRequest);
    if (acknowledged !== undefined) return requests[acknowledged] ?? null;
    const numbered = Object.values(requests).find((request) => request.brokerRequest === brokerRequest);
    if (numbered) return numbered;
  }
  const marked = requests[requestOfToken(comment) ?? ''];
  return marked && numberOf(knowledge, marked) === null ? marked : null;
}
