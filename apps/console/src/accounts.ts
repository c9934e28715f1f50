import { SYSTEM_ACCOUNT, type AccountId } from '@core/contracts/primitives';
import { DEAD_DELIVERY_HOURS, type SystemSight, type WatchedAccount } from '@core/operations/finding';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import { openRequests } from '@core/projections/requests';
import { accountStrategies } from '@core/projections/strategies';
import type { AccountName } from '@core/registry/account-identity';
import { Registry } from '@core/registry/registry';
import { DeliveryLog } from '@core/signal-inbox/delivery-log';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { READ_ONLY } from './console-database.ts';

type Folded = Pick<WatchedAccount, 'state' | 'requests' | 'signals'>;
type Registered = Omit<WatchedAccount, keyof Folded>;

/** Every registered account and how it stands, and what was delivered and could not be read. */
@Injectable()
export class AccountStandings {
  /** As the registry had them last: they are shown while Postgres does not answer, too. */
  private registered: readonly Registered[] = [];
  private deadDeliveries: SystemSight['deadDeliveries'] = null;

  constructor(
    @Inject(READ_ONLY) private readonly pool: Pool,
    private readonly registry: Registry,
    private readonly runner: ProjectionRunner,
  ) {}

  /** Reads the registry and the inbox. Rejects while they cannot be read. */
  async refresh(): Promise<void> {
    const [accounts, dead] = await Promise.all([
      this.registry.accounts(),
      new DeliveryLog(this.pool).dead(DEAD_DELIVERY_HOURS),
    ]);
    this.registered = accounts.map(({ id, name, venue, brokerLogin, mode, enabled }) => ({
      ...{ id, name, venue, brokerLogin, mode, enabled },
    }));
    this.deadDeliveries = dead;
  }

  /** What the registry alone knows of an account. */
  nameOf(account: AccountId): Promise<AccountName | null> {
    return this.registry.accountName(account);
  }

  /** What is judged beside the services. */
  sight(): Omit<SystemSight, 'services'> {
    return { accounts: this.standings(), everyone: this.everyone(), deadDeliveries: this.deadDeliveries };
  }

  /** What holds for all of them, as of the last event. */
  everyone(): SystemSight['everyone'] {
    return this.runner.state(accountState, SYSTEM_ACCOUNT) as SystemSight['everyone'];
  }

  /** As of the last refresh, and of the last event. */
  standings(): readonly WatchedAccount[] {
    return this.registered.map((account) => ({ ...account, ...this.foldsOf(account.id) }));
  }

  private foldsOf(account: AccountId): Folded {
    return {
      state: this.runner.state(accountState, account) as WatchedAccount['state'],
      requests: this.runner.state(openRequests, account) as WatchedAccount['requests'],
      signals: this.runner.state(accountStrategies, account).signals as WatchedAccount['signals'],
    };
  }
}
