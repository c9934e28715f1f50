import type { CommandClient } from '@core/bus/command-client';
import type { Command } from '@core/contracts/command';
import type { AccountId } from '@core/contracts/primitives';
import { uuidV5 } from '@core/kernel/uuid';
import type { NewAccount, Registry } from '@core/registry/registry';
import { now } from '@core/service/clock';

const COMMAND_TIMEOUT_MS = 20_000;

/** Puts an account where a connector finds it and tells the ledger of it, as an operator would; twice is once. */
export async function registerAccount(
  registry: Registry,
  commands: CommandClient,
  { password, ...account }: NewAccount,
): Promise<AccountId> {
  const { id } = await registry.putAccount({ ...account, password });
  const registration: Command = {
    type: 'RegisterAccount',
    commandid: uuidV5(id, 'register'),
    source: 'start',
    subject: id,
    time: now(),
    correlationid: uuidV5(id, 'registration'),
    data: account,
  };
  const answer = await commands.send(registration, COMMAND_TIMEOUT_MS);
  if (!answer.ok) throw new Error(`account ${account.brokerLogin} was not registered: ${answer.refusal.reason}`);
  return id;
}
