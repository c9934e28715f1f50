import { subjects } from '@core/contracts/subjects';
import { isPositive, parseDecimal } from '@core/kernel/decimal';
import type { TickerMapping } from '@core/contracts/ticker-mapping';
import type { Integration } from '@core/registry/entities';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { onlyMatch } from './lookup.ts';
import { table } from './output.ts';

const WEBHOOK_PATH = '/proquant/v1/hooks/';
const TOKEN_HEADER = 'x-proquant-token';

/** `ops integrations …`: where ProQuant's webhooks trade. */
export function addIntegrations(program: Command): void {
  const integrations = group(program, 'integrations', 'ProQuant integrations');

  integrations
    .command('list', { isDefault: true })
    .description('every integration and the account it trades; never its token')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).integrations()).map(publicPartOf);
        const rows = known.map(({ id, name, accountId, revoked, tickers }) => [
          id,
          name,
          accountId,
          revoked ? 'revoked' : 'live',
          Object.entries(tickers)
            .map(([ticker, { instrument }]) => `${ticker}=${instrument}`)
            .join(' '),
        ]);
        const head = ['integration', 'name', 'account', 'state', 'tickers'];
        output.say(known, () => table(head, rows, 'no integrations: ops integrations add'));
      }),
    );

  integrations
    .command('add <name>')
    .description('let a ProQuant user’s strategies trade an account; the token is shown this once')
    .requiredOption('--account <id>', 'the account to trade')
    .requiredOption(
      '--ticker <mapping...>',
      'what a strategy’s ticker is at the broker: XAUUSD=GOLD, or XAUUSD=GOLD:0.01 for units per quantity',
    )
    .action(
      withSystem<{ account: string; ticker: readonly string[] }>(async (system, output, options, [name = '']) => {
        if (name.trim() === '' || name.length > 128)
          throw new BadInput('an integration has a name of up to 128 characters');
        const tickers = Object.fromEntries(options.ticker.map(mappingOf));
        const account = await accountNamed(system, options.account);
        const { integration, token } = await (await system.registry()).addIntegration(account, name, tickers);
        await system.tell(subjects.registryChanged, {});
        const path = `${WEBHOOK_PATH}${integration.id}`;
        output.say({ ...publicPartOf(integration), path, header: TOKEN_HEADER, token }, () =>
          [
            `integration ${integration.id}`,
            `webhook ${path} of proquant-webhook`,
            `header ${TOKEN_HEADER}: ${token}  (shown this once)`,
          ].join('\n'),
        );
      }),
    );

  integrations
    .command('revoke <integration>')
    .description('refuse its webhooks from now on; its positions stay as they are')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const registry = await system.registry();
        const { id } = onlyMatch(await registry.integrations(), text, 'integration');
        await registry.revokeIntegration(id);
        await system.tell(subjects.registryChanged, {});
        output.say({ id, revoked: true }, () => `integration ${id} is revoked`);
      }),
    );
}

const publicPartOf = ({ tokenHashes: _hashes, ...rest }: Integration): Omit<Integration, 'tokenHashes'> => rest;

function mappingOf(text: string): [ticker: string, mapping: TickerMapping] {
  const [, ticker, instrument, units = '1'] = /^([^=\s]{1,64})=([^:\s]{1,64})(?::(.+))?$/.exec(text) ?? [];
  const unitsPerQuantity = parseDecimal(units);
  if (!ticker || !instrument) throw new BadInput(`${text} is no mapping: TICKER=INSTRUMENT or TICKER=INSTRUMENT:UNITS`);
  if (unitsPerQuantity === null || !isPositive(unitsPerQuantity))
    throw new BadInput(`${units} in ${text} is no number above zero`);
  return [ticker, { instrument, unitsPerQuantity }];
}
