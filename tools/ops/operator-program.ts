import type { Command } from 'commander';
import { addAccounts } from './accounts.ts';
import { newProgram } from './cli.ts';
import { addData } from './data.ts';
import { addIntegrations } from './integrations.ts';
import { addKeys } from './keys.ts';
import { addLog } from './log.ts';
import { addMarket } from './market.ts';
import { addOauth } from './oauth.ts';
import { addRequests } from './requests.ts';
import { addState } from './state.ts';
import { addTraders } from './traders.ts';
import { addTrading } from './trading.ts';
import { addWhy } from './why.ts';

const parts = [
  ...[addLog, addAccounts, addState, addWhy, addMarket],
  ...[addTraders, addKeys, addIntegrations, addOauth, addData, addTrading, addRequests],
];

/** Everything an operator can say. */
export function operatorProgram(): Command {
  const program = newProgram();
  for (const add of parts) add(program);
  takeNoMore(program);
  return program;
}

/** What is asked of two accounts and done to one would be taken for done to both. */
function takeNoMore({ commands }: Command): void {
  for (const command of commands) {
    if (command.commands.length > 0) takeNoMore(command);
    else command.allowExcessArguments(false);
  }
}
