import type { AccountId } from '@core/contracts/primitives';
import type { BrokerSession } from '../broker-adapter.ts';
import { steadyClock, type Clock } from '../pacing/clock.ts';

/** An account's session at a venue, since when it has one or none, and when it last sent a request. */
interface Visit {
  session: BrokerSession | null;
  sinceMs: number;
  tradedMs: number;
}

/** Whoever has sent a request may well send the next one so soon. */
const TRADES_ON_MS = 60_000;

/** The sessions that accounts of this process have at one venue, and under which of them its market is asked about. */
export class VenueSessions {
  private readonly visits = new Map<AccountId, Visit>();

  constructor(
    private readonly clock: Pick<Clock, 'now'> = steadyClock,
    private readonly random: () => number = Math.random,
  ) {}

  /** An account has a session, or has lost it. */
  visited(account: AccountId, session: BrokerSession | null): void {
    const known = this.visits.get(account);
    if (session === null && !known) return;
    this.visits.set(account, { session, sinceMs: this.clock.now(), tradedMs: known?.tradedMs ?? -Infinity });
  }

  /** A request of the account is about to go to the broker. */
  traded(account: AccountId): void {
    const visit = this.visits.get(account);
    if (visit) visit.tradedMs = this.clock.now();
  }

  forget(account: AccountId): void {
    this.visits.delete(account);
  }

  /** Whether there is a session, or was one until so long ago. */
  wasOpenWithin(ms: number): boolean {
    const recentMs = this.clock.now() - ms;
    return [...this.visits.values()].some(({ session, sinceMs }) => session !== null || sinceMs > recentMs);
  }

  /**
   * The session to ask under: a question holds up whatever else its connection is to carry, so it goes where nobody
   * trades, to any of those by chance; where all do, to the one that has not for the longest. Null while none is open.
   */
  toAsk(): BrokerSession | null {
    const open = [...this.visits.values()].filter(({ session }) => session?.isOpen);
    const idleMs = this.clock.now() - TRADES_ON_MS;
    const idle = open.filter(({ tradedMs }) => tradedMs <= idleMs);
    const [longest] = open.toSorted((one, two) => one.tradedMs - two.tradedMs);
    return (idle[Math.floor(this.random() * idle.length)] ?? longest)?.session ?? null;
  }
}
