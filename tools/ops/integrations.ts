import { HOOKS_PATH, TOKEN_HEADER } from '@core/proquant/hook';
import type { Integration } from '@core/registry/entities';
import type { Command } from 'commander';
import { group, withSystem } from './cli.ts';
import { changing, Consent, ofAccount, type ConsentOptions } from './consent.ts';
import { onlyMatch } from '@core/operations/lookup';
import { addIntegrationDecisions } from './integration-decisions.ts';
import { addIntegrationRequests } from './integration-requests.ts';
import { ACCOUNT_OPTION, tradedBy, TICKER_OPTION, type WhatItTrades } from './new-integration.ts';
import { table } from './table.ts';

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

  changing(integrations.command('add <name>'))
    .description('let a ProQuant user’s strategies trade an account; the token is shown this once')
    .requiredOption(...ACCOUNT_OPTION)
    .requiredOption(...TICKER_OPTION)
    .action(
      withSystem<WhatItTrades & ConsentOptions>(async (system, output, options, [name = '']) => {
        const { account, tickers } = await tradedBy(system, name, options);
        const consent = await Consent.to(system, output, ofAccount(account), options);
        if (!consent) return;
        const target = (made: { integration: Integration }) => made.integration.id;
        const act = { what: 'integration', action: 'added', target } as const;
        const { integration, token } = await system.change(consent, act, (registry) =>
          registry.addIntegration(account, name, tickers),
        );
        const path = `${HOOKS_PATH}/${integration.id}`;
        output.say({ ...publicPartOf(integration), path, header: TOKEN_HEADER, token }, () =>
          [
            `integration ${integration.id}`,
            `webhook ${path} of proquant-webhook`,
            `header ${TOKEN_HEADER}: ${token}  (shown this once)`,
          ].join('\n'),
        );
      }),
    );

  addIntegrationRequests(integrations);
  addIntegrationDecisions(integrations);

  changing(integrations.command('rotate <integration>'))
    .description('a new token, shown this once; those before it stay good until --settle says that all use the new one')
    .option('--settle', 'from now on the newest token alone is good')
    .action(
      withSystem<ConsentOptions & { settle?: true }>(async (system, output, options, [text = '']) => {
        const { id, accountId } = onlyMatch(await (await system.registry()).integrations(), text, 'integration');
        const consent = await Consent.to(system, output, ofAccount(accountId), options);
        if (!consent) return;
        if (options.settle) {
          const act = { what: 'integration', action: 'token-settled', target: id } as const;
          await system.change(consent, act, (registry) => registry.integrationTokens.settle(id));
          output.say({ id, settled: true }, () => `integration ${id}: the newest token alone is good`);
          return;
        }
        const act = { what: 'integration', action: 'token-rotated', target: id } as const;
        const token = await system.change(consent, act, (registry) => registry.integrationTokens.add(id));
        output.say({ id, header: TOKEN_HEADER, token }, () =>
          [
            `header ${TOKEN_HEADER}: ${token}  (shown this once)`,
            `those before it stay good until: ops integrations rotate ${id} --settle --note why`,
          ].join('\n'),
        );
      }),
    );

  changing(integrations.command('revoke <integration>'))
    .description('refuse its webhooks from now on; its positions stay as they are')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [text = '']) => {
        const { id, accountId } = onlyMatch(await (await system.registry()).integrations(), text, 'integration');
        const consent = await Consent.to(system, output, ofAccount(accountId), options);
        if (!consent) return;
        const act = { what: 'integration', action: 'revoked', target: id } as const;
        await system.change(consent, act, (registry) => registry.revokeIntegration(id));
        output.say({ id, revoked: true }, () => `integration ${id} is revoked`);
      }),
    );
}

const publicPartOf = ({ tokenHashes: _hashes, ...rest }: Integration): Omit<Integration, 'tokenHashes'> => rest;
