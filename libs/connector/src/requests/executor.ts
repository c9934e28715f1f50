import { Uuid, type RequestId } from '@core/contracts/primitives';
import { toMs } from '@core/kernel/instant';
import type { BookRequest } from '@core/projections/broker-book/state';
import type { AccountTracker } from '@core/execution/account-tracker';
import { encodeRequest, type AnyPrice } from '@core/xapi/translate/encode-request';
import { meaningOf } from '@core/xapi/translate/error-reason';
import type { Fact } from '@core/execution/fact';
import { awaitsOutcome, numberOf, type Now } from '@core/execution/knowledge';
import { translateTradeStatus } from '@core/xapi/translate/outcome';
import type { Reply } from '@core/xapi/wire/frames';
import type { MainConnection } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';
import { BrokerFailure, NoTurn } from '../broker-failure.ts';
import type { Priority } from '../pacing/pacer.ts';
import type { Claims, GrantedClaim } from './claims.ts';

export interface ExecutorOptions {
  readonly replyTimeoutMs: number;
  readonly statusTimeoutMs: number;
  readonly busyRetries: number;
  readonly busyPauseMs: number;
}

export interface ExecutorParts {
  readonly desk: AccountTracker;
  readonly options: ExecutorOptions;
  now(): Now;
  emit(facts: readonly Fact[]): void;
  readonly claims: Pick<Claims, 'claim' | 'isOpen'>;
  /** The claim stands: the book is to know it at once. */
  granted(request: BookRequest, claim: GrantedClaim): void;
  /** False while the way to the log is full or gone: what is not claimed is not sent, and loses nothing. */
  mayClaim(): boolean;
  readonly anyPrice: AnyPrice;
  /** For metrics: a command went out, an answer came. */
  observe(step: 'sent' | 'resent' | 'acknowledged' | 'refused' | 'no-reply' | 'unsent'): void;
}

/** A request of this process: waiting for its turn, or sent. */
interface InHand {
  /** When its bytes went out; null while they have not. */
  sentMs: number | null;
  attempts: number;
  /** The broker was too busy for it, and it has not gone again. */
  isPutOff: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** When a status is asked for, after the broker took the request; from the last on, at that distance. */
const POLLS_MS = [500, 1_000, 2_000, 5_000];
const SLOW_POLL_MS = 30_000;

/**
 * Sends an account's requests: claimed first, sent once, never again unless the broker itself said that it did nothing.
 * Outcomes come from the desk; this only carries what the broker answers to it.
 */
export class Executor {
  private readonly inHand = new Map<RequestId, InHand>();
  /** When requests of this process went out. */
  private readonly sent = new Map<RequestId, number>();
  private main: MainConnection | null = null;

  constructor(private readonly parts: ExecutorParts) {}

  /** A session is ready: sends what waits, and asks what became of what was taken before. */
  begin(main: MainConnection): void {
    this.main = main;
    for (const request of Object.values(this.parts.desk.book.requests)) {
      if (awaitsOutcome(request) && numberOf(this.parts.desk, request) !== null)
        this.follow(request.requestId, 0, performance.now());
    }
    this.pump();
  }

  /** Takes up requests that nobody has sent yet. */
  pump(): void {
    const { main } = this;
    if (!main || !this.parts.mayClaim()) return;
    for (const request of Object.values(this.parts.desk.book.requests)) {
      if (!this.isUnsent(request) || this.inHand.has(request.requestId)) continue;
      this.inHand.set(request.requestId, { sentMs: null, attempts: 0, isPutOff: false, timer: undefined });
      this.takeTurn(main, request, () => this.send(main, request.requestId));
    }
  }

  /** A reply to one of our commands, in time or late: even then it tells the broker's number. */
  replied(tag: RequestId, reply: Reply): void {
    const { desk, now, emit, observe } = this.parts;
    if (!Uuid.safeParse(tag).success) return; // none of ours, whatever it is
    const hand = this.inHand.get(tag);
    clearTimeout(hand?.timer);
    if (reply.status) {
      observe('acknowledged');
      const number = orderOf(reply.returnData);
      if (number === null) return emit(desk.doubt(tag, 'broker-error', now()));
      emit(desk.acknowledge(tag, number, now()));
      this.follow(tag, 0, performance.now());
      return;
    }
    observe('refused');
    const answer = meaningOf(reply.errorCode);
    const { means } = answer;
    if (means === 'retry' && hand && hand.attempts <= this.parts.options.busyRetries) return this.putOff(tag, hand);
    if (means === 'rejected') {
      this.inHand.delete(tag);
      const said = { reason: answer.reason, brokerCode: reply.errorCode, text: reply.errorDescr };
      return emit(desk.reject(tag, said, now()));
    }
    this.inHand.delete(tag);
    if (means === 'retry') {
      const said = { reason: 'broker-error', brokerCode: reply.errorCode, text: reply.errorDescr } as const;
      return emit(desk.reject(tag, said, now()));
    }
    emit(desk.doubt(tag, 'broker-error', now()));
    desk.askForSnapshot();
    if (means === 'session') this.main?.destroy(`the broker ended the session: ${reply.errorCode}`);
  }

  /** How long ago a request went out; null while its answer is still awaited here. */
  sinceSentMs(request: BookRequest): number | null {
    const hand = this.inHand.get(request.requestId);
    if (hand && request.status === 'dispatched') return null;
    if (this.parts.claims.isOpen(request.requestId)) return null;
    const sentMs = this.sent.get(request.requestId);
    return sentMs === undefined
      ? Date.now() - toMs(request.dispatchedAt ?? request.requestedAt)
      : performance.now() - sentMs;
  }

  /** The session is gone: nobody knows what became of what was sent and not answered. */
  end(): void {
    this.main = null;
    const { desk, now, emit, observe } = this.parts;
    for (const [requestId, hand] of this.inHand) {
      clearTimeout(hand.timer);
      if (hand.isPutOff) {
        observe('unsent');
        emit(desk.unsent(requestId, 'the broker was too busy for it, and then the connection was lost', now()));
      } else if (hand.sentMs !== null) {
        emit(desk.doubt(requestId, 'connection-lost', now()));
      }
    }
    this.inHand.clear();
  }

  /** Nobody has claimed it, or we did and were not told yet: either way no byte of it went out. */
  private isUnsent({ requestId, status }: BookRequest): boolean {
    return status === 'requested' || (status === 'dispatched' && this.parts.claims.isOpen(requestId));
  }

  private takeTurn(main: MainConnection, request: BookRequest, task: () => Promise<void> | void): void {
    main.pacer.turn(priorityOf(request), task).catch((error: unknown) => {
      if (!(error instanceof NoTurn)) throw error;
      if (this.inHand.get(request.requestId)?.sentMs === null) this.inHand.delete(request.requestId);
    });
  }

  private async send(main: MainConnection, requestId: RequestId): Promise<void> {
    const { desk, now, emit, claims, granted, mayClaim, anyPrice, options, observe } = this.parts;
    const request = desk.book.requests[requestId];
    const hand = this.inHand.get(requestId);
    const isWanted = request !== undefined && this.isUnsent(request) && mayClaim() && main.isOpen;
    const claim = hand && isWanted ? await claims.claim(request) : null;
    if (!hand || !request || !claim?.ok) {
      this.inHand.delete(requestId);
      return;
    }
    granted(request, claim);
    const command = encodeRequest(request, desk.book, anyPrice);
    if (!command.ok) {
      this.inHand.delete(requestId);
      const reason = command.error === 'target-gone' ? 'superseded' : 'broker-error';
      return emit(desk.reject(requestId, { reason, brokerCode: null, text: command.error }, now()));
    }
    if (!main.transmit(command.value)) {
      this.inHand.delete(requestId);
      observe('unsent');
      return emit(desk.unsent(requestId, 'the connection was lost before the first byte', now()));
    }
    observe('sent');
    this.wasSent(requestId, hand, options.replyTimeoutMs);
  }

  private wasSent(requestId: RequestId, hand: InHand, replyTimeoutMs: number): void {
    hand.sentMs = performance.now();
    hand.attempts += 1;
    hand.isPutOff = false;
    this.sent.set(requestId, hand.sentMs);
    if (this.sent.size > SENT_KEPT) this.sent.delete(this.sent.keys().next().value ?? requestId);
    hand.timer = setTimeout(() => {
      const { desk, now, emit, observe } = this.parts;
      observe('no-reply');
      this.inHand.delete(requestId);
      emit(desk.doubt(requestId, 'timeout', now()));
      desk.askForSnapshot();
    }, replyTimeoutMs);
  }

  /** The broker did nothing and says so: the same command may go again, within the same claim. */
  private putOff(requestId: RequestId, hand: InHand): void {
    const { options, desk, anyPrice, observe } = this.parts;
    hand.isPutOff = true;
    const pauseMs = options.busyPauseMs * 2 ** (hand.attempts - 1);
    hand.timer = setTimeout(() => {
      const request = desk.book.requests[requestId];
      const { main } = this;
      if (!main || !request || !awaitsOutcome(request)) return;
      this.takeTurn(main, request, () => {
        const command = encodeRequest(request, desk.book, anyPrice);
        if (!command.ok || !hand.isPutOff || !main.transmit(command.value)) return;
        observe('resent');
        this.wasSent(requestId, hand, options.replyTimeoutMs);
      });
    }, pauseMs);
  }

  /** Asks for the status of a request the broker took, until somebody has told its outcome. */
  private follow(requestId: RequestId, polls: number, takenMs: number): void {
    const { desk, options, now, emit } = this.parts;
    const hand = this.inHand.get(requestId) ?? { sentMs: 0, attempts: 1, isPutOff: false, timer: undefined };
    this.inHand.set(requestId, hand);
    clearTimeout(hand.timer);
    const isLong = performance.now() - takenMs >= options.statusTimeoutMs;
    const pauseMs = isLong ? SLOW_POLL_MS : (POLLS_MS[Math.min(polls, POLLS_MS.length - 1)] ?? SLOW_POLL_MS);
    if (isLong) emit(desk.doubt(requestId, 'timeout', now()));
    hand.timer = setTimeout(() => {
      const request = desk.book.requests[requestId];
      const number = request && awaitsOutcome(request) ? numberOf(desk, request) : null;
      if (number === null || !this.main) {
        this.inHand.delete(requestId);
        return;
      }
      void this.askStatus(this.main, number).then(() => {
        const still = desk.book.requests[requestId];
        if (still && awaitsOutcome(still) && this.inHand.get(requestId) === hand)
          this.follow(requestId, polls + 1, takenMs);
        else this.inHand.delete(requestId);
      });
    }, pauseMs);
  }

  private async askStatus(main: MainConnection, number: string): Promise<void> {
    const { desk, now, emit } = this.parts;
    try {
      const outcome = translateTradeStatus(await main.ask('tradeTransactionStatus', { order: Number(number) }));
      if (outcome.ok) emit(desk.outcome(outcome.value, now()));
    } catch (error) {
      if (!(error instanceof BrokerFailure)) throw error;
    }
  }
}

/** Send times kept for the two-read rule; by far more than can be in doubt at once. */
const SENT_KEPT = 10_000;

function priorityOf({ ask }: BookRequest): Priority {
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

const orderOf = (returnData: unknown): string | null =>
  typeof returnData === 'object' &&
  returnData !== null &&
  'order' in returnData &&
  Number.isSafeInteger(returnData.order)
    ? String(returnData.order)
    : null;
