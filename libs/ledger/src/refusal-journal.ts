import type { Command } from '@core/contracts/command';
import type { EventBody } from '@core/contracts/event';
import type { RequestId, Uuid } from '@core/contracts/primitives';
import type { Refusal } from '@core/contracts/refusal';
import { refusedWish } from '@core/domain/refused-wish';
import { BoundedMap } from '@core/kernel/bounded-map';
import { TokenBucket, TokenBuckets } from '@core/kernel/token-bucket';

/** How many refusals are told of one account, and of all. */
const ACCOUNT_A_MINUTE = 20;
const ALL_A_MINUTE = 240;
/** Commands whose refusal is remembered, so that one sent again adds nothing. */
const REMEMBERED = 10_000;

/** A no of the ledger's, or one that an edge tells of. */
interface KeptRefusal extends Omit<Refusal, 'reason'> {
  readonly reason: string;
  readonly requestId?: RequestId;
  /** How many before it were not told. */
  readonly omitted?: number;
}

/**
 * Which refusals the log keeps, for whoever asks why something was not done: each once, of one account and of all so
 * many a minute. How many it left out stands in the next one that it keeps.
 */
export class RefusalJournal {
  private readonly ofAccount = new TokenBuckets(ACCOUNT_A_MINUTE / 60, ACCOUNT_A_MINUTE);
  private readonly ofAll: TokenBucket;
  private readonly last = new BoundedMap<Uuid, string>(REMEMBERED);
  private readonly omitted = new BoundedMap<Uuid, number>(REMEMBERED);

  constructor(private readonly steadyMs: () => number) {
    this.ofAll = new TokenBucket(ALL_A_MINUTE / 60, ALL_A_MINUTE, steadyMs());
  }

  /** What is kept of a refusal, of ours or of an edge's; null of one that is not. */
  keep(
    command: Command,
    { reason, text, breach, requestId = command.commandid, omitted: untold = 0 }: KeptRefusal,
  ): EventBody<'CommandRefused'> | null {
    const wish = refusedWish(command);
    const { subject } = command;
    if (wish === null || this.last.get(requestId) === reason) return null;
    this.last.set(requestId, reason);
    const omitted = (this.omitted.get(subject) ?? 0) + untold;
    if (!this.ofAccount.take(subject, this.steadyMs()) || !this.ofAll.take(this.steadyMs())) {
      this.omitted.set(subject, omitted + 1);
      return null;
    }
    this.omitted.delete(subject);
    return {
      type: 'CommandRefused',
      data: { ...wish, requestId, reason, text, breach: breach ?? null, omitted },
    };
  }
}
