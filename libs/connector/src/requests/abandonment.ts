import type { AccountId } from '@core/contracts/primitives';
import { toMs } from '@core/kernel/instant';
import { SingleFlight } from '@core/kernel/single-flight';
import type { BookRequest } from '@core/projections/broker-book/state';

export interface AbandonmentParts {
  /** More than the age at which the ledger refuses a claim. */
  readonly abandonMs: number;
  /** Accounts of the log that have no session here. With one the executor claims. */
  idle(): Iterable<AccountId>;
  requests(account: AccountId): readonly BookRequest[];
  /** Asks the ledger for a claim; whatever it says, nothing will be sent on it. */
  claim(account: AccountId, request: BookRequest): Promise<unknown>;
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

  constructor(private readonly parts: AbandonmentParts) {}

  start(): void {
    this.looking = setInterval(() => void this.look(), LOOK_MS);
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
    const before = nowMs() - abandonMs;
    const isOld = ({ status, requestedAt }: BookRequest): boolean =>
      status === 'requested' && toMs(requestedAt) < before;
    for (const account of idle()) {
      for (const request of requests(account).filter(isOld)) {
        if (this.isStopped) return;
        await claim(account, request);
      }
    }
  }
}
