import type { TraderId } from '@core/contracts/primitives';
import { In, type EntityManager } from 'typeorm';
import { newSalt } from './account-identity.ts';
import { AccessKey, BrokerPassword, Integration, RegisteredAccount, Trader } from './entities.ts';
import { IntegrationRequest } from './integration-request.ts';
import { hashPassword } from './password-hash.ts';
import { newSecret } from './tokens.ts';

/** In place of what said who somebody is; our own ids stay, for the log names them. */
const markOf = (id: string): string => `forgotten-${id}`;

/** Takes out of the registry who a trader is, and with it everything that lets anybody in for them. */
export async function forgetPerson(manager: EntityManager, id: TraderId): Promise<void> {
  const accounts = await manager.findBy(RegisteredAccount, { traderId: id });
  const accountIds = accounts.map((account) => account.id);
  const passwordHash = await hashPassword(newSecret());
  await manager.update(Trader, { id }, { login: markOf(id), passwordHash, disabled: true });
  for (const account of accountIds) {
    const mark = markOf(account);
    await manager.update(
      RegisteredAccount,
      { id: account },
      {
        ...{ name: mark, brokerLogin: mark, salt: newSalt(), enabled: false },
      },
    );
    await manager.update(BrokerPassword, { accountId: account }, { sealed: '' });
  }
  const integrations = await manager.findBy(Integration, { accountId: In(accountIds) });
  for (const integration of integrations) {
    const mark = markOf(integration.id);
    await manager.update(Integration, { id: integration.id }, { name: mark, tokenHashes: [], revoked: true });
    const asked = { userEmail: mark, description: '', imageUrl: '', detail: null };
    await manager.update(IntegrationRequest, { integrationId: integration.id }, asked);
  }
  for (const key of await manager.find(AccessKey)) {
    const [seen, others] = [key.traderIds ?? [], key.accountIds ?? []];
    const isTheirs = seen.every((each) => each === id) && others.every((each) => accountIds.includes(each));
    if (isTheirs && seen.length + others.length > 0)
      await manager.update(AccessKey, { id: key.id }, { name: markOf(key.id), revoked: true });
  }
}
