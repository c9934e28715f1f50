import type { OperatorAccount } from '@core/registry/operator-accounts';
import { OperatorRole } from '@core/registry/operator-role';
import type { Registry } from '@core/registry/registry';
import { Option, type Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, nobodyYet, type ConsentOptions } from './consent.ts';
import { shortTime } from './output.ts';
import { table } from './table.ts';
import { newSecretInput } from './secret-input.ts';
import type { OperatedSystem } from './system.ts';
import type { Output } from './output.ts';

const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const PASSWORD_MIN = 12;

/** `ops operators …`: people who log in to the console by name and password. */
export function addOperators(program: Command): void {
  const operators = group(program, 'operators', 'people who log in to the console');
  const role = (): Option => new Option('--role <role>', 'look; command; change what everyone is shown');

  operators
    .command('list', { isDefault: true })
    .description('every operator')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).operators.all()).map((each) => ({
          ...{ name: each.name, role: each.role, disabled: each.disabled },
          passwordSetAt: each.passwordSetAt.toISOString(),
        }));
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
    .addOption(role().choices(OperatorRole.options).makeOptionMandatory())
    .action(
      withSystem<ConsentOptions & { role: OperatorRole }>(async (system, output, options, [name = '']) => {
        if (!NAME_PATTERN.test(name)) throw new BadInput(`${name} is no name: letters, digits and . _ @ -`);
        if ((await (await system.registry()).operators.all()).some((each) => each.name === name))
          throw new BadInput(`operator ${name} exists already`);
        const consent = await Consent.to(system, output, nobodyYet, options);
        if (!consent) return;
        const password = await passwordFor(name);
        await act(system, consent, name, 'added', (registry) => registry.operators.add(name, password, options.role));
        output.say({ name, role: options.role }, () => `operator ${name} has the role ${options.role}`);
      }),
    );

  changing(operators.command('passwd <name>'))
    .description(
      'give an operator another password, asked for or piped in; whoever is logged in with the old one is out',
    )
    .action(
      withOperator(async (system, output, consent, { name }) => {
        const password = await passwordFor(name);
        await act(system, consent, name, 'password-set', (registry) => registry.operators.setPassword(name, password));
        output.say({ name }, () => `operator ${name} has another password`);
      }),
    );

  changing(operators.command('role <name>'))
    .description('let an operator do more or less, at once')
    .addOption(role().choices(OperatorRole.options).makeOptionMandatory())
    .action(
      withOperator<{ role: OperatorRole }>(async (system, output, consent, { name }, options) => {
        const action = `role-${options.role}`;
        await act(system, consent, name, action, (registry) => registry.operators.setRole(name, options.role));
        output.say({ name, role: options.role }, () => `operator ${name} has the role ${options.role}`);
      }),
    );

  for (const [verb, isDisabled, about] of [
    ['disable', true, 'let an operator in no more; whoever is logged in is out'],
    ['enable', false, 'let an operator in again'],
  ] as const)
    changing(operators.command(`${verb} <name>`))
      .description(about)
      .action(
        withOperator(async (system, output, consent, { name }) => {
          await act(system, consent, name, `${verb}d`, (registry) => registry.operators.setDisabled(name, isDisabled));
          output.say({ name, disabled: isDisabled }, () => `operator ${name} is ${verb}d`);
        }),
      );
}

/** Does something to an operator that there is, with a consent. */
const withOperator = <Options extends object = object>(
  work: (
    system: OperatedSystem,
    output: Output,
    consent: Consent,
    operator: OperatorAccount,
    options: Options,
  ) => Promise<void>,
) =>
  withSystem<ConsentOptions & Options>(async (system, output, options, [name = '']) => {
    const operator = (await (await system.registry()).operators.all()).find((each) => each.name === name);
    if (!operator) throw new BadInput(`there is no operator ${name}`);
    const consent = await Consent.to(system, output, nobodyYet, options);
    if (consent) await work(system, output, consent, operator, options);
  });

const act = (
  system: OperatedSystem,
  consent: Consent,
  target: string,
  action: string,
  work: (registry: Registry) => Promise<void>,
): Promise<void> => system.change(consent, { what: 'operator', target, action }, work);

async function passwordFor(name: string): Promise<string> {
  const password = await newSecretInput(`Password for ${name}: `);
  if (password.length < PASSWORD_MIN) throw new BadInput(`the password is shorter than ${PASSWORD_MIN} characters`);
  return password;
}
