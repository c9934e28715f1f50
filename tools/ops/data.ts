import type { Command } from 'commander';
import { group } from './cli.ts';
import { addDataClients } from './data-clients.ts';
import { addDataGroups } from './data-groups.ts';

/** `ops data …`: who reads the data addresses, and what of them traders see. */
export function addData(program: Command): void {
  const data = group(program, 'data', 'the data addresses that TradingView draws charts of');
  addDataClients(data);
  addDataGroups(data);
}
