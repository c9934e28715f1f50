import type { NotSentCause } from '@core/contracts/events/request';
import type { RequestId } from '@core/contracts/primitives';
import type { AccountTracker } from '@core/execution/account-tracker';
import type { Fact } from '@core/execution/fact';
import { awaitsOutcome, type Now } from '@core/execution/knowledge';
import type { BrokerRejection, Receipt } from '@core/execution/report';
import { backoffMs } from '@core/kernel/backoff';
import { BoundedMap } from '@core/kernel/bounded-map';
import { isBehindAnother } from '@core/projections/broker-book/requests';
import type { BookRequest } from '@core/projections/broker-book/state';
import type { BrokerSession, Prices, Urgency } from '../broker-adapter.ts';
import { NoTurn } from '../broker-failure.ts';
import type { Clock } from '../pacing/clock.ts';
import type { Claims, GrantedClaim } from './claims.ts';
import { OutcomePolls } from './outcome-polls.ts';
import type { RequestSettings } from './request-settings.ts';
import { isForNow, offeredPrice, slippageOf } from './worst-price.ts';

export interface ExecutorParts {
  readonly tracker: AccountTracker;
  readonly settings: Pick<
    RequestSettings,
    'replyTimeoutMs' | 'statusTimeoutMs' | 'busyRetries' | 'busyPauseMs' | 'abandonMs' | 'marketOrderAbandonMs'
  >;
  readonly clock: Clock;
  readonly claims: Pick<Claims, 'claim' | 'isOpen' | 'stands'>;
  readonly prices: Prices;
  now(): Now;
  emit(facts: readonly Fact[]): void;
  /** The claim stands: the book is to know it at once. */
  granted(request: BookRequest, claim: GrantedClaim): void;
  /** False while the way to the log is full: what is not claimed is not sent, and loses nothing. */
  mayClaim(): boolean;
  /** For metrics: a command went out, an answer came. */
  observe(step: ExecutorStep, requestId: RequestId): void;
}

export type ExecutorStep = 'sent' | 'resent' | 'acknowledged' | 'refused' | 'no-reply' | 'unsent';

/** What the executor needs of a session. */
export type ExecutingSession = Pick<BrokerSession, 'isOpen' | 'turn' | 'send' | 'outcome'>;

/** A request of this process: waiting for its turn, or sent and not answered. */
interface InHand {
  isSent: boolean;
  attempts: number;
  /** The broker was too busy for it, and it has not gone again. */
  isPutOff: boolean;
  /** Forgets what is to happen if nobody answers. */
  forget: () => void;
}

/** Times kept of requests; by far more than can be on their way at once. */
const TIMES_KEPT = 10_000;
/** A session that has just begun may know no prices yet: an order with a worst price waits so long for one. */
const PRICE_WAIT_MS = 4_000;

/**
 * Sends an account's requests: claimed first, sent once, never again unless the broker itself said that it did nothing.
 * Outcomes come from the tracker; this only carries what the broker answers to it.
 */
export class Executor {
  private readonly inHand = new Map<RequestId, InHand>();
  /** When requests of this process went out. */
  private readonly sent = new BoundedMap<RequestId, number>(TIMES_KEPT);
  /** When requests were first seen here: they are at least so old, whatever any clock of the day says. */
  private readonly seen = new BoundedMap<RequestId, number>(TIMES_KEPT);
  private readonly polls: OutcomePolls;
  private session: ExecutingSession | null = null;

  constructor(private readonly parts: ExecutorParts) {
    this.polls = new OutcomePolls(parts);
  }

  /** A session is ready: sends what waits, and asks what became of what was taken before. */
  begin(session: ExecutingSession): void {
    this.session = session;
    this.polls.begin(session);
    this.pump();
  }

  /** Takes up requests that nobody has sent yet. */
  pump(): void {
    const { session } = this;
    const requests = Object.values(this.parts.tracker.book.requests);
    for (const { requestId } of requests) this.seenAt(requestId);
    if (!session || !this.parts.mayClaim()) return;
    for (const request of requests) {
      const { requestId } = request;
      if (!this.isUnsent(request) || isBehindAnother(this.parts.tracker.book, request)) continue;
      if (this.inHand.has(requestId) || this.polls.has(requestId)) continue;
      this.inHand.set(requestId, { isSent: false, attempts: 0, isPutOff: false, forget: () => undefined });
      this.takeTurn(session, request, () => this.send(session, requestId));
    }
  }

  /** The broker's first answer to a request, in time or late: even then it tells the broker's number. */
  answered(requestId: RequestId, receipt: Receipt): void {
    const { tracker, now, emit, observe, settings } = this.parts;
    const hand = this.inHand.get(requestId);
    hand?.forget();
    observe(receipt.is === 'taken' ? 'acknowledged' : 'refused', requestId);
    if (receipt.is === 'busy' && hand && hand.attempts <= settings.busyRetries) return this.putOff(requestId, hand);
    this.inHand.delete(requestId);
    switch (receipt.is) {
      case 'taken':
        emit(tracker.acknowledge(requestId, receipt.brokerRequest, now()));
        return this.polls.follow(requestId);
      case 'rejected':
        return this.reject(requestId, receipt);
      case 'busy':
        return this.reject(requestId, { ...receipt, reason: 'broker-error' });
      case 'unclear':
        emit(tracker.doubt(requestId, 'broker-error', now()));
        return tracker.askForSnapshot();
    }
  }

  /** How long ago a request went out, at least; null while its answer is still awaited here. */
  sinceSentMs(request: BookRequest): number | null {
    const { requestId, status } = request;
    const isInHand = this.inHand.has(requestId) || this.polls.has(requestId);
    if ((isInHand && status === 'dispatched') || this.parts.claims.isOpen(requestId)) return null;
    return this.parts.clock.now() - (this.sent.get(requestId) ?? this.seenAt(requestId));
  }

  /** The session is gone: nobody knows what became of what was sent and not answered. */
  end(): void {
    const { tracker, now, emit, observe } = this.parts;
    this.session = null;
    const lost = this.polls.end();
    for (const [requestId, { isPutOff, isSent, forget }] of this.inHand) {
      forget();
      if (isPutOff) {
        observe('unsent', requestId);
        emit(tracker.unsent(requestId, 'the broker was too busy for it, and then the connection was lost', now()));
      } else if (isSent) {
        lost.push(requestId);
      }
    }
    for (const requestId of lost) emit(tracker.doubt(requestId, 'connection-lost', now()));
    this.inHand.clear();
  }

  private seenAt(requestId: RequestId): number {
    const seenMs = this.seen.get(requestId) ?? this.parts.clock.now();
    if (!this.seen.has(requestId)) this.seen.set(requestId, seenMs);
    return seenMs;
  }

  /** Nobody has claimed it, or we did and were not told yet: either way no byte of it went out. */
  private isUnsent({ requestId, status }: BookRequest): boolean {
    return status === 'requested' || (status === 'dispatched' && this.parts.claims.isOpen(requestId));
  }

  private takeTurn(session: ExecutingSession, request: BookRequest, task: () => Promise<boolean>): void {
    session.turn(urgencyOf(request), task).catch((error: unknown) => {
      if (!(error instanceof NoTurn)) throw error;
      if (this.inHand.get(request.requestId)?.isSent === false) this.inHand.delete(request.requestId);
    });
  }

  /** Whether it went out. */
  private async send(session: ExecutingSession, requestId: RequestId): Promise<boolean> {
    const { tracker, now, emit, claims, granted, mayClaim, prices, observe, clock } = this.parts;
    const request = tracker.book.requests[requestId];
    const hand = this.inHand.get(requestId);
    const isDue = request !== undefined && this.isUnsent(request) && !isBehindAnother(tracker.book, request);
    const isWanted = isDue && mayClaim() && session.isOpen;
    const price = request && offeredPrice(request, prices);
    const isEarly = price === null && clock.now() - this.seenAt(requestId) < PRICE_WAIT_MS;
    const claim = hand && isWanted && !isEarly ? await claims.claim(request, price ?? null) : null;
    if (!hand || !request || !claim?.ok) {
      this.inHand.delete(requestId);
      return false;
    }
    granted(request, claim);
    const cause = this.whyNotNow(request);
    if (cause !== null) {
      this.inHand.delete(requestId);
      observe('unsent', requestId);
      emit(tracker.unsent(requestId, 'while its claim was granted', now(), cause));
      return false;
    }
    const sent = session.send(request, tracker.book, prices);
    if (sent === 'sent') {
      observe('sent', requestId);
      this.wasSent(requestId, hand);
      return true;
    }
    this.inHand.delete(requestId);
    if (sent === 'not-sent') {
      observe('unsent', requestId);
      emit(tracker.unsent(requestId, 'the connection was lost before the first byte', now()));
      return false;
    }
    const reason = sent === 'target-gone' ? 'superseded' : 'broker-error';
    this.reject(requestId, { reason, brokerCode: null, text: sent });
    return false;
  }

  /** What was claimed must not go out late, or at another price than it was claimed for. */
  private whyNotNow(request: BookRequest): NotSentCause | null {
    const { clock, settings, prices } = this.parts;
    const maxMs = isForNow(request) ? settings.marketOrderAbandonMs : settings.abandonMs;
    return clock.now() - this.seenAt(request.requestId) > maxMs ? 'too-old' : slippageOf(request, prices);
  }

  private reject(requestId: RequestId, { reason, brokerCode, text }: BrokerRejection): void {
    const { tracker, now, emit } = this.parts;
    emit(tracker.reject(requestId, { reason, brokerCode, text }, now()));
  }

  private wasSent(requestId: RequestId, hand: InHand): void {
    const { tracker, now, emit, observe, clock, settings } = this.parts;
    hand.isSent = true;
    hand.attempts += 1;
    hand.isPutOff = false;
    this.sent.set(requestId, clock.now());
    hand.forget = clock.after(settings.replyTimeoutMs, () => {
      observe('no-reply', requestId);
      this.inHand.delete(requestId);
      emit(tracker.doubt(requestId, 'timeout', now()));
      tracker.askForSnapshot();
    });
  }

  /** The broker did nothing and says so: the same command may go again, within the same claim, as long as that stands. */
  private putOff(requestId: RequestId, hand: InHand): void {
    const { settings, tracker, clock } = this.parts;
    hand.isPutOff = true;
    const pauseMs = backoffMs({ minMs: settings.busyPauseMs, maxMs: Infinity }, hand.attempts);
    hand.forget = clock.after(pauseMs, () => {
      const request = tracker.book.requests[requestId];
      const { session } = this;
      if (!session || !request || !awaitsOutcome(request)) return;
      this.takeTurn(session, request, () => this.sendAgain(session, request, hand));
    });
  }

  /** The brakes are asked again: what was set since the claim holds for what goes now. Whether it went out. */
  private async sendAgain(session: ExecutingSession, request: BookRequest, hand: InHand): Promise<boolean> {
    const { tracker, prices, observe, emit, now, claims } = this.parts;
    const { requestId } = request;
    const isOurs = (): boolean => hand.isPutOff && this.inHand.get(requestId) === hand;
    if (!isOurs()) return false;
    const stands = await claims.stands(request);
    if (!isOurs()) return false;
    const cause = stands?.ok === false ? stands.cause : this.whyNotNow(request);
    if (cause !== null) {
      this.inHand.delete(requestId);
      observe('unsent', requestId);
      emit(tracker.unsent(requestId, 'the broker was too busy for it', now(), cause));
      return false;
    }
    if (stands === null) this.putOff(requestId, hand);
    else if (!stands.ok) this.inHand.delete(requestId);
    if (!stands?.ok || session.send(request, tracker.book, prices) !== 'sent') return false;
    observe('resent', requestId);
    this.wasSent(requestId, hand);
    return true;
  }
}

/** Getting out and changing what stands come first, then getting in. */
function urgencyOf({ ask }: BookRequest): Urgency {
  switch (ask.type) {
    case 'CloseRequested':
    case 'CancellationRequested':
      return 'close';
    case 'OrderRequested':
      return 'order';
    case 'AmendmentRequested':
      return 'amend';
  }
}
