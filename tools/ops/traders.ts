import type { Command } from 'commander';
import { group, withSystem } from './cli.ts';
import { changing } from './consent.ts';
import { registryVerb } from './registry-verb.ts';
import { table } from './table.ts';

/** `ops traders …`: people who log in to TradingView with us. */
export function addTraders(program: Command): void {
  const traders = group(program, 'traders', 'people who log in to the TradingView gateway');
  const ofLogin = (_options: object, [login = '']: readonly string[]) => ({ login });

  traders
    .command('list', { isDefault: true })
    .description('every trader')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).traders()).map(({ id, login, disabled }) => ({
          trader: id,
          login,
          disabled,
        }));
        const rows = known.map(({ trader, login, disabled }) => [trader, login, disabled ? 'disabled' : 'live']);
        output.say(known, () => table(['trader', 'login', 'state'], rows, 'no traders: ops traders add'));
      }),
    );

  changing(traders.command('add <login>'))
    .description('add a trader; the password is asked for or piped in')
    .action(registryVerb('traders add', ofLogin));

  changing(traders.command('passwd <login>'))
    .description('give a trader another password, asked for or piped in; logins from now on want it')
    .action(registryVerb('traders passwd', ofLogin));

  changing(traders.command('disable <login>'))
    .description(
      'let a trader in no more; whoever is logged in sees no account any more, and positions stay as they are',
    )
    .action(registryVerb('traders disable', ofLogin));

  changing(traders.command('enable <login>'))
    .description('let a trader in again')
    .action(registryVerb('traders enable', ofLogin));

  changing(traders.command('forget <login>'))
    .description(
      'erase who a disabled trader is: login, names, e-mails, broker logins and passwords, and what lets in; the log stays',
    )
    .action(registryVerb('traders forget', ofLogin));
}
