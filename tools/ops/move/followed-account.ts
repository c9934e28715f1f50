import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { accountAggregate, type AccountAggregate } from '@core/domain/account-aggregate';
import type { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { accountState, type AccountState } from '@core/projections/account';

/**
 * An account as one log has it, read on from where it was read last. Folded as if each event stood where its version
 * says: where it stands in its log is what differs between two of them.
 */
export class FollowedAccount {
  private readonly rules: AccountAggregate = accountAggregate.initial();
  private readonly shown: AccountState = accountState.initial();
  private read = 0;

  constructor(
    private readonly log: Pick<PostgresEventLog, 'readAccount'>,
    private readonly account: AccountId,
  ) {}

  async refresh(): Promise<this> {
    for await (const page of this.log.readAccount(this.account, this.read)) for (const event of page) this.take(event);
    return this;
  }

  get version(): number {
    return this.read;
  }

  get state(): AccountAggregate {
    return this.rules;
  }

  /** Whether a connector ever had a session of it. */
  get wasConnected(): boolean {
    return this.shown.session.status !== 'never';
  }

  /** Whether the last that a connector said is that it has a session. */
  get isConnected(): boolean {
    return this.shown.session.status === 'open';
  }

  /** Both folds, to be compared with those of another log. */
  get folded(): string {
    return JSON.stringify([this.rules, this.shown]);
  }

  private take(event: RecordedEvent): void {
    const placed = { ...event, position: event.version, recordedtime: event.time };
    accountAggregate.evolve(this.rules, placed);
    accountState.evolve(this.shown, placed);
    this.read = event.version;
  }
}
