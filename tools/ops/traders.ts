import type { Trader } from '@core/registry/entities';
import type { Registry } from '@core/registry/registry';
import type { Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, nobodyYet, ofTrader, type ConsentOptions } from './consent.ts';
import { table } from './table.ts';
import { newSecretInput } from './secret-input.ts';

const LOGIN_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const PASSWORD_MIN = 8;

/** `ops traders …`: people who log in to TradingView with us. */
export function addTraders(program: Command): void {
  const traders = group(program, 'traders', 'people who log in to the TradingView gateway');

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
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [login = '']) => {
        if (!LOGIN_PATTERN.test(login)) throw new BadInput(`${login} is no login: letters, digits and . _ @ -`);
        const registry = await system.registry();
        if ((await registry.traders()).some((trader) => trader.login === login))
          throw new BadInput(`trader ${login} exists already`);
        const consent = await Consent.to(system, output, nobodyYet, options);
        if (!consent) return;
        const password = await passwordFor(login);
        const act = { what: 'trader', action: 'added', target: (made: Trader) => made.id } as const;
        const { id } = await system.change(consent, act, (changed) => changed.addTrader(login, password));
        output.say({ trader: id, login }, () => `trader ${id}`);
      }),
    );

  changing(traders.command('passwd <login>'))
    .description('give a trader another password, asked for or piped in; logins from now on want it')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [login = '']) => {
        const { id } = await traderNamed(await system.registry(), login);
        const consent = await Consent.to(system, output, ofTrader(id), options);
        if (!consent) return;
        const password = await passwordFor(login);
        const act = { what: 'trader', action: 'password-set', target: id } as const;
        await system.change(consent, act, (registry) => registry.setTraderPassword(id, password));
        output.say({ trader: id, login }, () => `trader ${login} has another password`);
      }),
    );

  for (const [verb, isDisabled, about] of [
    [
      'disable',
      true,
      'let a trader in no more; whoever is logged in sees no account any more, and positions stay as they are',
    ],
    ['enable', false, 'let a trader in again'],
  ] as const) {
    changing(traders.command(`${verb} <login>`))
      .description(about)
      .action(
        withSystem<ConsentOptions>(async (system, output, options, [login = '']) => {
          const { id } = await traderNamed(await system.registry(), login);
          const consent = await Consent.to(system, output, ofTrader(id), options);
          if (!consent) return;
          const act = { what: 'trader', action: `${verb}d`, target: id } as const;
          await system.change(consent, act, (registry) => registry.setTraderDisabled(id, isDisabled));
          output.say({ trader: id, login, disabled: isDisabled }, () => `trader ${login} is ${verb}d`);
        }),
      );
  }
}

async function passwordFor(login: string): Promise<string> {
  const password = await newSecretInput(`Password for ${login}: `);
  if (password.length < PASSWORD_MIN) throw new BadInput(`the password is shorter than ${PASSWORD_MIN} characters`);
  return password;
}

export async function traderNamed(registry: Registry, login: string): Promise<Trader> {
  const trader = (await registry.traders()).find((each) => each.login === login);
  if (!trader) throw new BadInput(`there is no trader ${login}`);
  return trader;
}
