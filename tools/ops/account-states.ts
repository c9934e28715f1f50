import { fold } from '@core/kernel/projection';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import { accountState, type AccountState } from '@core/projections/account';
import { schemaOf } from '@core/service/migrations';
import type { AccountId } from '@core/contracts/primitives';
import { isUnmigrated } from '@core/service/unmigrated';
import type { OperatedSystem } from './system.ts';

/** How accounts stand now: from the states that services have saved, and the events after them. */
export async function accountStates(
  system: OperatedSystem,
  accounts: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, AccountState>> {
  const saved = await savedStates(system);
  const states = new Map<AccountId, AccountState>();
  for (const account of accounts) {
    const state = saved.get(account) ?? accountState.initial();
    for await (const page of system.log.readAccount(account, state.version)) fold(accountState, page, state);
    states.set(account, state);
  }
  return states;
}

async function savedStates({ pool }: OperatedSystem): Promise<ReadonlyMap<AccountId, AccountState>> {
  try {
    const snapshot = await new PostgresSnapshots(pool, schemaOf('tv-gateway')).load(accountState);
    return new Map(snapshot?.states.map((saved) => [saved.account, JSON.parse(saved.text()) as AccountState]));
  } catch (error) {
    if (isUnmigrated(error)) return new Map();
    throw error;
  }
}
