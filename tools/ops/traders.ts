import type { Trader } from '@core/registry/entities';
import type { Registry } from '@core/registry/registry';
import type { Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { table } from './output.ts';
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
        const known = (await (await system.registry()).traders()).map(({ id, login }) => ({ trader: id, login }));
        const rows = known.map(({ trader, login }) => [trader, login]);
        output.say(known, () => table(['trader', 'login'], rows, 'no traders: ops traders add'));
      }),
    );

  traders
    .command('add <login>')
    .description('add a trader; the password is asked for or piped in')
    .action(
      withSystem(async (system, output, _options, [login = '']) => {
        if (!LOGIN_PATTERN.test(login)) throw new BadInput(`${login} is no login: letters, digits and . _ @ -`);
        const registry = await system.registry();
        if ((await registry.traders()).some((trader) => trader.login === login))
          throw new BadInput(`trader ${login} exists already`);
        const password = await newSecretInput(`Password for ${login}: `);
        if (password.length < PASSWORD_MIN)
          throw new BadInput(`the password is shorter than ${PASSWORD_MIN} characters`);
        const { id } = await registry.addTrader(login, password);
        output.say({ trader: id, login }, () => `trader ${id}`);
      }),
    );
}

export async function traderNamed(registry: Registry, login: string): Promise<Trader> {
  const trader = (await registry.traders()).find((each) => each.login === login);
  if (!trader) throw new BadInput(`there is no trader ${login}`);
  return trader;
}
