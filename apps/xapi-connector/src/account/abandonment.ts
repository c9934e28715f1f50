import { toMs } from '@core/kernel/instant';
import type { BookRequest } from '@core/xapi/broker-book';
import type { Claims } from './claims.ts';

export interface AbandonmentParts {
  /** More than the age at which the ledger refuses a claim. */
  readonly abandonMs: number;
  readonly claims: Pick<Claims, 'claim'>;
  /** With a session the executor claims, and the ledger ends what is too old by itself. */
  hasSession(): boolean;
  requests(): readonly BookRequest[];
  nowMs(): number;
}

/** How often old requests are looked for. */
const LOOK_MS = 5_000;

/**
 * Without a session nothing is sent, but nobody waits for ever: claiming a request that is too old makes the ledger end
 * it as not sent. A claim that is granted all the same was dispatched and never written: the next session looks it up.
 */
export class Abandonment {
  private looking: NodeJS.Timeout | undefined;
  private round: Promise<void> | null = null;
  private isStopped = false;

  constructor(private readonly parts: AbandonmentParts) {}

  start(): void {
    this.looking = setInterval(() => void this.look(), LOOK_MS);
  }

  /** Resolves when nothing is being claimed any more. */
  async stop(): Promise<void> {
    clearInterval(this.looking);
    this.isStopped = true;
    await this.round;
  }

  /** One round at a time; those whose claim nobody answers are left to the next. */
  look(): Promise<void> {
    this.round ??= this.claimOld().finally(() => (this.round = null));
    return this.round;
  }

  private async claimOld(): Promise<void> {
    for (const request of this.old()) {
      if (this.isStopped || this.parts.hasSession()) return;
      await this.parts.claims.claim(request);
    }
  }

  private old(): readonly BookRequest[] {
    const { abandonMs, nowMs, requests } = this.parts;
    const before = nowMs() - abandonMs;
    return requests().filter(({ status, requestedAt }) => status === 'requested' && toMs(requestedAt) < before);
  }
}
