import type { AccountId, RequestId } from '@core/contracts/primitives';
import { SingleFlight } from '@core/kernel/single-flight';
import { inBackground } from '@core/service/in-background';
import type { BookRequest } from '@core/projections/broker-book/state';

export interface AbandonmentParts {
  /** More than the age at which the ledger refuses a claim. */
  readonly abandonMs: number;
  /** Accounts of the log that have no session here. With one the executor claims. */
  idle(): Iterable<AccountId>;
  requests(account: AccountId): readonly BookRequest[];
  /** Asks the ledger for a claim; whatever it says, nothing will be sent on it. */
  claim(account: AccountId, request: BookRequest): Promise<unknown>;
  /** Milliseconds of a clock that only goes forward. */
  nowMs(): number;
}

/** How often old requests are looked for. */
const LOOK_MS = 5_000;

/**
 * Without a session nothing is sent, but nobody waits for ever, whether the account's broker is away, another instance
 * or nobody holds it, or it is disabled: claiming a request that is too old makes the ledger end it as not sent. A claim
 * that is granted all the same was dispatched and never written: the next session looks it up.
 */
export class Abandonment {
  private looking: NodeJS.Timeout | undefined;
  private readonly rounds = new SingleFlight();
  private isStopped = false;
  /** When those that wait were first seen here: they are at least so old, whatever any clock of the day says. */
  private seen: ReadonlyMap<RequestId, number> = new Map();

  constructor(private readonly parts: AbandonmentParts) {}

  start(): void {
    this.looking = setInterval(() => inBackground('giving up old requests', this.look()), LOOK_MS);
  }

  /** Resolves when nothing is being claimed any more. */
  async stop(): Promise<void> {
    clearInterval(this.looking);
    this.isStopped = true;
    await this.rounds.idle();
  }

  /** One round at a time; those whose claim nobody answers are left to the next. */
  look(): Promise<void> {
    return this.rounds.run(() => this.claimOld());
  }

  private async claimOld(): Promise<void> {
    const { abandonMs, nowMs, idle, requests, claim } = this.parts;
    const now = nowMs();
    const waiting = new Map<RequestId, number>();
    const old: { readonly account: AccountId; readonly request: BookRequest }[] = [];
    for (const account of idle()) {
      for (const request of requests(account)) {
        if (request.status !== 'requested') continue;
        const since = this.seen.get(request.requestId) ?? now;
        waiting.set(request.requestId, since);
        if (now - since > abandonMs) old.push({ account, request });
      }
    }
    this.seen = waiting;
    for (const { account, request } of old) {
      if (this.isStopped) return;
      await claim(account, request);
    }
  }
}
