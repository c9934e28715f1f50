import { subjects } from '@core/contracts/subjects';
import type { OauthClient, OauthFlow } from '@core/registry/entities';
import { Option, type Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { onlyMatch } from './lookup.ts';
import { table } from './output.ts';

interface NewClient {
  readonly redirect: readonly string[];
  readonly logoutRedirect?: readonly string[];
  readonly flow: OauthFlow;
}

const NAME_MAX = 64;
const URI_MAX = 2_000;
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/** `ops oauth …`: who may send people to the login page of tv-gateway. */
export function addOauth(program: Command): void {
  const clients = group(group(program, 'oauth', 'logins on our own page'), 'clients', 'who may send people there');

  clients
    .command('list', { isDefault: true })
    .description('every client and where it may be gone back to; never its secret')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).oauthClients()).map(publicPartOf);
        const rows = known.map(({ id, name, flow, revoked, redirectUris, logoutUris }) => [
          ...[id, name, flow, revoked ? 'removed' : 'live'],
          ...[redirectUris.join(' '), logoutUris.join(' ')],
        ]);
        const head = ['client', 'name', 'flow', 'state', 'redirects to', 'logs out to'];
        output.say(known, () => table(head, rows, 'no clients: ops oauth clients add'));
      }),
    );

  clients
    .command('add <name>')
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
      withSystem<NewClient>(async (system, output, { redirect, logoutRedirect = [], flow }, [name = '']) => {
        if (name.trim() === '' || name.length > NAME_MAX)
          throw new BadInput(`a client has a name of up to ${NAME_MAX} characters`);
        const [redirectUris, logoutUris] = [redirect.map(addressOf), logoutRedirect.map(addressOf)];
        const registry = await system.registry();
        const { client, secret } = await registry.addOauthClient({ name, flow, redirectUris, logoutUris });
        await system.tell(subjects.registryChanged, {});
        output.say({ ...publicPartOf(client), secret }, () =>
          [`client ${client.id}`, ...(secret === null ? [] : [`secret ${secret}  (shown this once)`])].join('\n'),
        );
      }),
    );

  clients
    .command('remove <client>')
    .description('nobody logs in by it or renews a login from now on; tokens that it has end in their time')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const registry = await system.registry();
        const { id } = onlyMatch(await registry.oauthClients(), text, 'client');
        await registry.revokeOauthClient(id);
        await system.tell(subjects.registryChanged, {});
        output.say({ id, removed: true }, () => `client ${id} is removed`);
      }),
    );
}

const publicPartOf = ({ secretHash: _hash, ...client }: OauthClient): Omit<OauthClient, 'secretHash'> => client;

/** Codes and tokens go there: what is not encrypted must not leave this machine. */
function addressOf(text: string): string {
  const url = URL.canParse(text) && text.length <= URI_MAX ? new URL(text) : null;
  if (!url || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new BadInput(`${text} is no address: https://host/path, without a fragment`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && THIS_MACHINE.includes(url.hostname)))
    throw new BadInput(`${text} is not encrypted: https, or http on this machine`);
  return text;
}
