import type { CommandBody } from '@core/contracts/command';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { Argument, type Command } from 'commander';
import { userInfo } from 'node:os';
import { accountNamed } from './account-named.ts';
import { acceptedAt } from './accepted-at.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';

export interface DecisionOptions {
  readonly account?: string;
  readonly note: string;
  readonly operator: string;
}

/** Who decides and why: both are recorded. */
export const decided = (command: Command): Command =>
  command
    .requiredOption('--note <text>', 'why; it is recorded')
    .option('--operator <name>', 'who; it is recorded', userInfo().username);

/** What is recorded of a decision. */
export function decisionOf({ note, operator }: DecisionOptions): { readonly operator: string; readonly note: string } {
  if (note.trim() === '') throw new BadInput('--note says why');
  for (const text of [note, operator]) if (text.length > 512) throw new BadInput('notes have up to 512 characters');
  return { operator, note };
}

/** `ops trading …`: the switches, for one account or for everyone. */
export function addTrading(program: Command): void {
  const trading = group(program, 'trading', 'switches, for one account or for everyone');
  const scoped = (command: Command): Command =>
    decided(command).option('--account <id>', 'one account; without it everyone');

  const decide = (
    wishOf: (decision: { operator: string; note: string }, args: readonly string[]) => CommandBody,
    done: string,
  ) =>
    withSystem<DecisionOptions>(async (system, output, options, args) => {
      const wish = wishOf(decisionOf(options), args);
      const account = options.account === undefined ? SYSTEM_ACCOUNT : await accountNamed(system, options.account);
      const position = acceptedAt(await system.ask(account, wish));
      const whom = account === SYSTEM_ACCOUNT ? 'everyone' : `account ${account}`;
      output.say({ account, position }, () => `${done} for ${whom}, at position ${position}`);
    });

  scoped(
    trading.command('halt').description('refuse all that is asked, but cancelling orders and closing by an operator'),
  ).action(decide((data) => ({ type: 'HaltTrading', data }), 'trading is halted'));
  scoped(trading.command('resume').description('end a halt')).action(
    decide((data) => ({ type: 'ResumeTrading', data }), 'trading goes on'),
  );
  scoped(
    trading
      .command('close-only')
      .description('allow nothing but closing, or take that back')
      .addArgument(new Argument('<switch>').choices(['on', 'off'])),
  ).action(
    decide(
      (data, [text]) => ({ type: 'SetCloseOnly', data: { ...data, closeOnly: text === 'on' } }),
      'close-only is set',
    ),
  );
}
