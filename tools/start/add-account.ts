import type { CommandClient } from '@core/bus/command-client';
import type { AccountId } from '@core/contracts/primitives';
import { uuidV5 } from '@core/kernel/uuid';
import type { NewAccount } from '@core/registry/account-identity';
import type { Registry } from '@core/registry/registry';

const COMMAND_TIMEOUT_MS = 20_000;

/** Puts an account where a connector finds it and tells the ledger of it, as an operator would; twice is once. */
export async function addAccount(
  registry: Registry,
  commands: CommandClient,
  { password, ...account }: NewAccount,
): Promise<AccountId> {
  const { id } = await registry.putAccount({ ...account, password });
  const { traderId, venue, mode } = account;
  const once = { id: uuidV5(id, 'registered'), correlation: uuidV5(id, 'registration') };
  const registration = { type: 'RegisterAccount', data: { traderId, venue, mode } } as const;
  const answer = await commands.ask(id, registration, { ...once, timeoutMs: COMMAND_TIMEOUT_MS });
  if (!answer.ok) throw new Error(`account ${account.brokerLogin} was not registered: ${answer.refusal.reason}`);
  return id;
}
