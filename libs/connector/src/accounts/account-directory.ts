import type { AccountId } from '@core/contracts/primitives';
import type { Destination } from '@core/registry/destination';
import type { RegisteredAccount, RegisteredBroker } from '@core/registry/entities';
import type { Credentials } from '@core/registry/registry';
import { VaultError } from '@core/registry/vault';
import { CredentialsUnavailable } from '../broker-failure.ts';

/** Also after an upgrade from a version that did not bind passwords to addresses. */
const SEALED_FOR_ELSEWHERE =
  'the stored password is not for this address, this mode or this REGISTRY_KEY: look at both and give it again with `ops accounts add`';

/** The parts of the account registry that a connector reads. */
export interface AccountSource {
  readonly cells: { connectedAccounts(): Promise<RegisteredAccount[]> };
  brokers(): Promise<RegisteredBroker[]>;
  secretVersions(): Promise<ReadonlyMap<AccountId, string>>;
  credentials(id: AccountId, destination: Destination): Promise<Credentials>;
}

/** An account as the registry had it last. */
export interface ListedAccount extends Destination {
  readonly id: AccountId;
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
      this.source.cells.connectedAccounts(),
      this.source.brokers(),
      this.source.secretVersions(),
    ]);
    const ours = new Map(
      brokers.filter(({ protocol }) => protocol === this.protocol).map((each) => [each.venue, each]),
    );
    const listed = accounts.flatMap(({ id, venue, mode, enabled }): ListedAccount[] => {
      const [broker, secretVersion] = [ours.get(venue), secrets.get(id)];
      return enabled && broker && secretVersion !== undefined ? [{ id, ...broker, mode, secretVersion }] : [];
    });
    this.accounts = new Map(listed.map((account) => [account.id, account]));
    this.wasRead = true;
  }

  /** Read for each login, so that a new password counts from the next one on; for where this account is connected to. */
  async credentials({ id, venue, protocol, endpoint, mode }: ListedAccount): Promise<Credentials> {
    try {
      return await this.source.credentials(id, { venue, protocol, endpoint, mode });
    } catch (error) {
      throw new CredentialsUnavailable(
        error instanceof VaultError ? SEALED_FOR_ELSEWHERE : 'the credentials cannot be read',
      );
    }
  }
}
