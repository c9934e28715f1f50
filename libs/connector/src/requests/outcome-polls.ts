import type { RequestId } from '@core/contracts/primitives';
import type { AccountTracker } from '@core/execution/account-tracker';
import type { Fact } from '@core/execution/fact';
import { awaitsOutcome, numberOf, type Now } from '@core/execution/knowledge';
import { inBackground } from '@core/service/in-background';
import type { BrokerSession } from '../broker-adapter.ts';
import { BrokerFailure } from '../broker-failure.ts';
import type { Clock } from '../pacing/clock.ts';
import type { RequestSettings } from './request-settings.ts';

export interface OutcomePollsParts {
  readonly tracker: AccountTracker;
  readonly settings: Pick<RequestSettings, 'statusTimeoutMs'>;
  readonly clock: Clock;
  now(): Now;
  emit(facts: readonly Fact[]): void;
}

/** When an outcome is asked for, after the broker took the request; from the last on, at that distance. */
const POLLS_MS = [500, 1_000, 2_000, 5_000];
const SLOW_POLL_MS = 30_000;

/** Asks what became of requests that the broker took, until somebody has told it. */
export class OutcomePolls {
  /** What forgets the next question, by request. */
  private readonly asking = new Map<RequestId, () => void>();
  private session: Pick<BrokerSession, 'outcome'> | null = null;

  constructor(private readonly parts: OutcomePollsParts) {}

  /** A session is ready: asks after what was taken before. */
  begin(session: Pick<BrokerSession, 'outcome'>): void {
    const { tracker } = this.parts;
    this.session = session;
    for (const request of Object.values(tracker.book.requests))
      if (awaitsOutcome(request) && numberOf(tracker, request) !== null) this.follow(request.requestId);
  }

  has(requestId: RequestId): boolean {
    return this.asking.has(requestId);
  }

  /** The broker has just taken it. */
  follow(requestId: RequestId): void {
    this.next(requestId, 0, this.parts.clock.now());
  }

  /** Ends all of them; gives those that nobody has told the outcome of. */
  end(): RequestId[] {
    const open = [...this.asking.keys()];
    for (const forget of this.asking.values()) forget();
    this.asking.clear();
    this.session = null;
    return open;
  }

  private next(requestId: RequestId, polls: number, takenMs: number): void {
    const { tracker, settings, clock, now, emit } = this.parts;
    this.asking.get(requestId)?.();
    const isLong = clock.now() - takenMs >= settings.statusTimeoutMs;
    const pauseMs = isLong ? SLOW_POLL_MS : (POLLS_MS[Math.min(polls, POLLS_MS.length - 1)] ?? SLOW_POLL_MS);
    const forget = clock.after(pauseMs, () =>
      inBackground('asking for an outcome', this.ask(requestId, forget, polls, takenMs)),
    );
    this.asking.set(requestId, forget);
    if (isLong) emit(tracker.doubt(requestId, 'timeout', now()));
  }

  private async ask(requestId: RequestId, asked: () => void, polls: number, takenMs: number): Promise<void> {
    const number = this.openNumber(requestId);
    try {
      if (number !== null && this.session) await this.askFor(this.session, number);
    } finally {
      const isOurs = this.asking.get(requestId) === asked; // or taken up anew, or ended
      if (isOurs && number !== null && this.openNumber(requestId) !== null) this.next(requestId, polls + 1, takenMs);
      else if (isOurs) this.asking.delete(requestId);
    }
  }

  /** The broker's number of a request whose outcome nobody has told. */
  private openNumber(requestId: RequestId): string | null {
    const { tracker } = this.parts;
    const request = tracker.book.requests[requestId];
    return request && awaitsOutcome(request) ? numberOf(tracker, request) : null;
  }

  private async askFor(session: Pick<BrokerSession, 'outcome'>, number: string): Promise<void> {
    const { tracker, now, emit } = this.parts;
    try {
      emit(tracker.outcome(await session.outcome(number), now()));
    } catch (error) {
      if (!(error instanceof BrokerFailure)) throw error; // another question follows
    }
  }
}
