import { publicOperator } from '@core/operations/registry-acts/registered';
import { OperatorRole } from '@core/registry/operator-role';
import { Option, type Command } from 'commander';
import { group, withSystem } from './cli.ts';
import { changing } from './consent.ts';
import { shortTime } from './output.ts';
import { registryVerb } from './registry-verb.ts';
import { table } from './table.ts';

interface RoleOption {
  readonly role: OperatorRole;
}

/** `ops operators …`: people who log in to the console by name and password. */
export function addOperators(program: Command): void {
  const operators = group(program, 'operators', 'people who log in to the console');
  const role = (): Option =>
    new Option('--role <role>', 'look; command; change what everyone is shown')
      .choices(OperatorRole.options)
      .makeOptionMandatory();
  const ofName = (_options: object, [name = '']: readonly string[]) => ({ name });
  const withRole = (options: RoleOption, [name = '']: readonly string[]) => ({ name, role: options.role });

  operators
    .command('list', { isDefault: true })
    .description('every operator')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).operators.all())
          .map(publicOperator)
          .map((each) => ({ ...each, passwordSetAt: each.passwordSetAt.toISOString() }));
        const rows = known.map((each) => [
          ...[each.name, each.role, each.disabled ? 'disabled' : 'live', shortTime(each.passwordSetAt)],
        ]);
        output.say(known, () =>
          table(['name', 'role', 'state', 'password since'], rows, 'no operators: ops operators add'),
        );
      }),
    );

  changing(operators.command('add <name>'))
    .description('let somebody into the console; the password is asked for or piped in')
    .addOption(role())
    .action(registryVerb('operators add', withRole));

  changing(operators.command('passwd <name>'))
    .description(
      'give an operator another password, asked for or piped in; whoever is logged in with the old one is out',
    )
    .action(registryVerb('operators passwd', ofName));

  changing(operators.command('role <name>'))
    .description('let an operator do more or less, at once')
    .addOption(role())
    .action(registryVerb('operators role', withRole));

  changing(operators.command('disable <name>'))
    .description('let an operator in no more; whoever is logged in is out')
    .action(registryVerb('operators disable', ofName));

  changing(operators.command('enable <name>'))
    .description('let an operator in again')
    .action(registryVerb('operators enable', ofName));
}
