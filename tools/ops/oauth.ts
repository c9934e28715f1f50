import { encryptedAddress } from '@core/operations/encrypted-address';
import type { OauthClient, OauthFlow } from '@core/registry/entities';
import { Option, type Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { everyone, nobodyYet } from '@core/operations/whom';
import { onlyMatch } from '@core/operations/lookup';
import { table } from './table.ts';

interface NewClient extends ConsentOptions {
  readonly redirect: readonly string[];
  readonly logoutRedirect?: readonly string[];
  readonly flow: OauthFlow;
}

interface Made {
  readonly client: OauthClient;
}

const NAME_MAX = 64;

/** `ops oauth …`: who may send people to the login page of tv-gateway. */
export function addOauth(program: Command): void {
  const clients = group(group(program, 'oauth', 'logins on our own page'), 'clients', 'who may send people there');

  clients
    .command('list', { isDefault: true })
    .description('every client and where it may be gone back to; never its secret')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).oauthClients.all()).map(publicPartOf);
        const rows = known.map(({ id, name, flow, revoked, redirectUris, logoutUris }) => [
          ...[id, name, flow, revoked ? 'removed' : 'live'],
          ...[redirectUris.join(' '), logoutUris.join(' ')],
        ]);
        const head = ['client', 'name', 'flow', 'state', 'redirects to', 'logs out to'];
        output.say(known, () => table(head, rows, 'no clients: ops oauth clients add'));
      }),
    );

  changing(clients.command('add <name>'))
    .description('register a client: one for each pair of environments; its secret is shown this once')
    .requiredOption('--redirect <address...>', 'where a login may lead to, to the letter')
    .option('--logout-redirect <address...>', 'where a logout may lead to, to the letter')
    .addOption(
      new Option(
        '--flow <flow>',
        'a code that a server exchanges, or a token for a page (which TradingView is to drop)',
      )
        .choices(['code', 'implicit'] satisfies OauthFlow[])
        .default('code'),
    )
    .action(
      withSystem<NewClient>(async (system, output, options, [name = '']) => {
        const { redirect, logoutRedirect = [], flow } = options;
        if (name.trim() === '' || name.length > NAME_MAX)
          throw new BadInput(`a client has a name of up to ${NAME_MAX} characters`);
        const [redirectUris, logoutUris] = [redirect.map(encryptedAddress), logoutRedirect.map(encryptedAddress)];
        const consent = await Consent.to(system, output, nobodyYet, options);
        if (!consent) return;
        const act = { what: 'oauth-client', action: 'added', target: (made: Made) => made.client.id } as const;
        const { client, secret } = await system.change(consent, act, (registry) =>
          registry.oauthClients.add({ name, flow, redirectUris, logoutUris }),
        );
        output.say({ ...publicPartOf(client), secret }, () =>
          [`client ${client.id}`, ...(secret === null ? [] : [`secret ${secret}  (shown this once)`])].join('\n'),
        );
      }),
    );

  changing(clients.command('remove <client>'))
    .description('nobody logs in by it or renews a login from now on; tokens that it has end in their time')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [text = '']) => {
        const { id } = onlyMatch(await (await system.registry()).oauthClients.all(), text, 'client');
        const consent = await Consent.to(system, output, everyone, options);
        if (!consent) return;
        const act = { what: 'oauth-client', action: 'removed', target: id } as const;
        await system.change(consent, act, (registry) => registry.oauthClients.revoke(id));
        output.say({ id, removed: true }, () => `client ${id} is removed`);
      }),
    );
}

const publicPartOf = ({ secretHash: _hash, ...client }: OauthClient): Omit<OauthClient, 'secretHash'> => client;
