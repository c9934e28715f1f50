import { publicIntegration } from '@core/operations/registry-acts/registered';
import type { Command } from 'commander';
import { group, withSystem } from './cli.ts';
import { changing } from './consent.ts';
import { addIntegrationDecisions } from './integration-decisions.ts';
import { ACCOUNT_OPTION, addIntegrationRequests, TICKER_OPTION, type WhatItTrades } from './integration-requests.ts';
import { registryVerb } from './registry-verb.ts';
import { table } from './table.ts';

/** `ops integrations …`: where ProQuant's webhooks trade. */
export function addIntegrations(program: Command): void {
  const integrations = group(program, 'integrations', 'ProQuant integrations');

  integrations
    .command('list', { isDefault: true })
    .description('every integration and the account it trades; never its token')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).integrations()).map(publicIntegration);
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

  changing(integrations.command('add <name>'))
    .description('let a ProQuant user’s strategies trade an account; the token is shown this once')
    .requiredOption(...ACCOUNT_OPTION)
    .requiredOption(...TICKER_OPTION)
    .action(
      registryVerb<WhatItTrades>('integrations add', ({ account, ticker: tickers }, [name]) => ({
        ...{ name, account, tickers },
      })),
    );

  addIntegrationRequests(integrations);
  addIntegrationDecisions(integrations);

  changing(integrations.command('rotate <integration>'))
    .description('a new token, shown this once; those before it stay good until --settle says that all use the new one')
    .option('--settle', 'from now on the newest token alone is good')
    .action(
      registryVerb<{ readonly settle?: true }>(
        ({ settle }) => (settle ? 'integrations settle' : 'integrations rotate'),
        (_options, [integration]) => ({ integration }),
      ),
    );

  changing(integrations.command('revoke <integration>'))
    .description('refuse its webhooks from now on; its positions stay as they are')
    .action(registryVerb('integrations revoke', (_options: object, [integration]) => ({ integration })));
}
