import type { CommandBody } from '@core/contracts/command';
import { DuplicateWindowMs } from '@core/contracts/events/operations';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { Argument, type Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { accepted, acceptedInWords } from '@core/operations/accepted-at';
import { BadInput } from './bad-input.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { switchCommand } from '@core/operations/trading-switch';
import { ofAccount } from '@core/operations/whom';
import { group, withSystem } from './cli.ts';

interface SwitchOptions extends ConsentOptions {
  readonly account?: string;
  readonly close?: true;
  readonly edge?: string;
}

/** `ops trading …`: the switches, for one account or for everyone. */
export function addTrading(program: Command): void {
  const trading = group(program, 'trading', 'switches, for one account or for everyone');
  const scoped = (command: Command): Command =>
    changing(command).option('--account <id>', 'one account; without it everyone');

  const decide = (
    wishOf: (decision: Consent['decision'], args: readonly string[], options: SwitchOptions) => CommandBody,
    done: string | ((args: readonly string[]) => string),
  ) =>
    withSystem<SwitchOptions>(async (system, output, options, args) => {
      const account = options.account === undefined ? SYSTEM_ACCOUNT : await accountNamed(system, options.account);
      const consent = await Consent.to(system, output, ofAccount(account), options);
      if (!consent) return;
      const outcome = accepted(await system.ask(consent, account, wishOf(consent.decision, args, options)));
      const whom = account === SYSTEM_ACCOUNT ? 'everyone' : `account ${account}`;
      const what = typeof done === 'string' ? done : done(args);
      output.say({ account, ...outcome }, () => acceptedInWords(outcome, whom, `${what} for ${whom}`));
    });

  scoped(
    trading.command('halt').description('refuse all that is asked, but cancelling orders and closing by an operator'),
  ).action(decide((decision) => switchCommand('halt', decision), 'trading is halted'));
  scoped(
    trading
      .command('kill')
      .description('the kill switch: a halt that also cancels every working order, until trading is resumed')
      .option('--close', 'and closes every open position'),
  ).action(
    decide(
      (decision, _args, { close }) => switchCommand(close === true ? 'kill-and-close' : 'kill', decision),
      'trading is halted, and what stands is being cleared',
    ),
  );
  scoped(trading.command('resume').description('end a halt')).action(
    decide((decision) => switchCommand('resume', decision), 'trading goes on'),
  );
  scoped(
    trading
      .command('duplicate-guard <edge> <ms>')
      .description('refuse the same order again by an edge within so many milliseconds; none takes that back'),
  ).action(
    decide(
      (data, [edge = '', text = '']) => ({
        type: 'SetDuplicateGuard',
        data: { ...data, edge, windowMs: text === 'none' ? null : windowOf(text) },
      }),
      ([, text]) => `the guard against duplicates is ${text === 'none' ? 'taken back' : 'set'}`,
    ),
  );
  scoped(
    trading
      .command('shadow')
      .description(
        'have all that is asked decided and recorded and not traded, or take that back; operators still trade',
      )
      .addArgument(new Argument('<switch>').choices(['on', 'off']))
      .option('--edge <name>', 'only what comes by this edge'),
  ).action(
    decide(
      (decision, [text], { edge }) => switchCommand(text === 'on' ? 'shadow' : 'shadow-off', decision, edge),
      ([text]) => (text === 'on' ? 'what is asked is recorded and not traded' : 'what is asked is traded'),
    ),
  );
  scoped(
    trading
      .command('close-only')
      .description('allow nothing but closing, or take that back')
      .addArgument(new Argument('<switch>').choices(['on', 'off'])),
  ).action(
    decide(
      (decision, [text]) => switchCommand(text === 'on' ? 'close-only' : 'close-only-off', decision),
      ([text]) => (text === 'on' ? 'nothing but closing is allowed' : 'close-only is taken back'),
    ),
  );
}

function windowOf(text: string): number {
  const window = DuplicateWindowMs.safeParse(Number(text));
  if (!window.success) throw new BadInput(`${text} is no number of 1 to 300000 milliseconds, nor none`);
  return window.data;
}
