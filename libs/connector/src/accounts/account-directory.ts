import type { AccountId, Venue } from '@core/contracts/primitives';
import type { RegisteredAccount, RegisteredBroker } from '@core/registry/entities';
import type { Credentials } from '@core/registry/registry';
import { CredentialsUnavailable } from '../broker-failure.ts';

/** The parts of the account registry that a connector reads. */
export interface AccountSource {
  accounts(): Promise<RegisteredAccount[]>;
  brokers(): Promise<RegisteredBroker[]>;
  secretVersions(): Promise<ReadonlyMap<AccountId, string>>;
  credentials(id: AccountId): Promise<Credentials>;
}

/** An account as the registry had it last. */
export interface ListedAccount {
  readonly id: AccountId;
  readonly venue: Venue;
  /** Where the venue is, in the terms of its protocol. */
  readonly endpoint: unknown;
  /** Changes with its password, and is nothing of it. */
  readonly secretVersion: string;
}

/** The accounts that are to be connected by one protocol, as of the last time the registry could be read. */
export class AccountDirectory {
  private accounts: ReadonlyMap<AccountId, ListedAccount> = new Map();
  private wasRead = false;

  constructor(
    private readonly source: AccountSource,
    private readonly protocol: string,
  ) {}

  /** Whether the registry was ever read: an empty directory before that means nothing. */
  get isKnown(): boolean {
    return this.wasRead;
  }

  get ids(): readonly AccountId[] {
    return [...this.accounts.keys()];
  }

  account(id: AccountId): ListedAccount | undefined {
    return this.accounts.get(id);
  }

  /** Rejects while the registry cannot be read; what was known stays. */
  async read(): Promise<void> {
    const [accounts, brokers, secrets] = await Promise.all([
      this.source.accounts(),
      this.source.brokers(),
      this.source.secretVersions(),
    ]);
    const ours = new Map(
      brokers.filter(({ protocol }) => protocol === this.protocol).map((each) => [each.venue, each]),
    );
    const listed = accounts.flatMap(({ id, venue, enabled }): ListedAccount[] => {
      const [broker, secretVersion] = [ours.get(venue), secrets.get(id)];
      if (!enabled || !broker || secretVersion === undefined) return [];
      return [{ id, venue, endpoint: broker.endpoint, secretVersion }];
    });
    this.accounts = new Map(listed.map((account) => [account.id, account]));
    this.wasRead = true;
  }

  /** Read for each login, so that a new password counts from the next one on. */
  async credentials(id: AccountId): Promise<Credentials> {
    try {
      return await this.source.credentials(id);
    } catch {
      throw new CredentialsUnavailable('the credentials cannot be read');
    }
  }
}
