import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { accountAggregate, type AccountAggregate } from '@core/domain/account-aggregate';
import type { EventLog } from '@core/event-log/event-log';

/** What deciding needs to know of one account, as of its last committed event or the ones decided since. */
export interface Known {
  readonly state: AccountAggregate;
  version: number;
}

interface Entry {
  holders: number;
  /** Null while it is being read; what is committed meanwhile waits in `tail`. */
  known: Known | null;
  tail: RecordedEvent[];
  /** What was read holds all up to this version: a commit shows in the log before whoever made it hears of it. */
  readTo: number;
  readonly loading: Promise<void>;
}

/**
 * The accounts that are being decided on, in memory. Read from the log when first asked for, then kept up to date with
 * what is committed; those nobody holds are forgotten when there are too many, the longest unused first.
 */
export class Aggregates {
  private readonly entries = new Map<AccountId, Entry>();

  constructor(
    private readonly log: EventLog,
    private readonly max: number,
  ) {}

  /** Resolves when the account is in memory, where it stays until it is released as often as it was held. */
  async hold(account: AccountId): Promise<Known> {
    const entry = this.entryOf(account);
    entry.holders += 1;
    try {
      await entry.loading;
    } catch (error) {
      entry.holders -= 1;
      throw error;
    }
    return this.known(account);
  }

  release(account: AccountId): void {
    const entry = this.entries.get(account);
    if (!entry) throw new Error(`${account} was not held`);
    entry.holders -= 1;
    this.entries.delete(account);
    this.entries.set(account, entry);
    for (const [oldest, { holders, known }] of this.entries) {
      if (this.entries.size <= this.max) return;
      if (holders === 0 && known !== null) this.entries.delete(oldest);
    }
  }

  /** Of an account that is held. */
  known(account: AccountId): Known {
    const known = this.entries.get(account)?.known;
    if (!known) throw new Error(`${account} is not in memory`);
    return known;
  }

  /** Of an account that may be in memory. */
  peek(account: AccountId): Known | null {
    return this.entries.get(account)?.known ?? null;
  }

  /** Takes what was committed or, right before, decided. Accounts not in memory do not care. */
  apply(event: RecordedEvent): void {
    const entry = this.entries.get(event.subject);
    if (!entry) return;
    if (!entry.known) entry.tail.push(event);
    else if (event.version > entry.readTo) evolve(entry.known, event);
  }

  private entryOf(account: AccountId): Entry {
    const present = this.entries.get(account);
    if (present) return present;
    const entry: Entry = { holders: 0, known: null, tail: [], readTo: 0, loading: this.load(account) };
    this.entries.set(account, entry);
    return entry;
  }

  private async load(account: AccountId): Promise<void> {
    const known: Known = { state: accountAggregate.initial(), version: 0 };
    try {
      for await (const page of this.log.readAccount(account)) for (const event of page) evolve(known, event);
    } catch (error) {
      this.entries.delete(account);
      throw error;
    }
    const entry = this.entries.get(account);
    if (!entry) return;
    entry.readTo = known.version;
    for (const event of entry.tail) if (event.version > known.version) evolve(known, event);
    entry.tail = [];
    entry.known = known;
  }
}

function evolve(known: Known, event: RecordedEvent): void {
  if (event.version !== known.version + 1) {
    throw new Error(`${event.subject}: version ${event.version} after ${known.version}`);
  }
  accountAggregate.evolve(known.state, event);
  known.version = event.version;
}
