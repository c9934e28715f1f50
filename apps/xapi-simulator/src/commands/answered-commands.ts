import type { AnsweredCommand, Run } from './command.ts';
import { accountCommands } from './account-commands.ts';
import { marketCommands } from './market-commands.ts';
import { tradeCommands } from './trade-commands.ts';

const answered: Record<AnsweredCommand, Run> = { ...marketCommands, ...accountCommands, ...tradeCommands };

/** What a logged-in client can ask for, by name. */
export const answeredCommands: ReadonlyMap<string, Run> = new Map(Object.entries(answered));
