import { subjects } from '@core/contracts/subjects';
import type { AccessKey } from '@core/registry/entities';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { onlyMatch } from './lookup.ts';
import { table } from './output.ts';
import { traderNamed } from './traders.ts';

interface Scope {
  readonly trader?: readonly string[];
  readonly account?: readonly string[];
  readonly all?: true;
  readonly prices?: true;
}

/** `ops keys …`: keys of the WebSocket feed. */
export function addKeys(program: Command): void {
  const keys = group(program, 'keys', 'keys of the WebSocket feed');

  keys
    .command('list', { isDefault: true })
    .description('every key and what it may see; never its secret')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).accessKeys()).map(publicPartOf);
        const rows = known.map(({ id, name, revoked, prices, ...scope }) => [
          id,
          name,
          revoked ? 'revoked' : 'live',
          scopeOf(scope),
          prices ? 'yes' : 'no',
        ]);
        output.say(known, () => table(['key', 'name', 'state', 'sees', 'prices'], rows, 'no keys: ops keys add'));
      }),
    );

  keys
    .command('add <name>')
    .description('make a key; its secret is shown this once')
    .option('--trader <login...>', 'sees all accounts of these traders')
    .option('--account <id...>', 'sees these accounts; beside --trader, those of them that are theirs')
    .option('--all', 'sees every account, also later ones')
    .option('--prices', 'gets quotes too')
    .action(
      withSystem<Scope>(async (system, output, scope, [name = '']) => {
        if (name.trim() === '' || name.length > 64) throw new BadInput('a key has a name of up to 64 characters');
        if ((scope.all === undefined) === (scope.trader === undefined && scope.account === undefined))
          throw new BadInput('say what the key may see: --trader, --account, or --all');
        const registry = await system.registry();
        const traders = scope.trader && (await Promise.all(scope.trader.map((login) => traderNamed(registry, login))));
        const accounts = scope.account && (await Promise.all(scope.account.map((id) => accountNamed(system, id))));
        const { key, secret } = await registry.addAccessKey({
          name,
          traderIds: traders?.map(({ id }) => id) ?? null,
          accountIds: accounts ?? null,
          prices: scope.prices === true,
        });
        output.say({ ...publicPartOf(key), secret }, () => `key ${key.id}\nsecret ${secret}  (shown this once)`);
      }),
    );

  keys
    .command('revoke <key>')
    .description('end a key and every session that uses it')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const registry = await system.registry();
        const { id } = onlyMatch(await registry.accessKeys(), text, 'key');
        await registry.revokeAccessKey(id);
        await system.tell(subjects.keyRevoked, { keyId: id });
        output.say({ id, revoked: true }, () => `key ${id} is revoked`);
      }),
    );
}

const publicPartOf = ({ secretHash: _hash, ...key }: AccessKey): Omit<AccessKey, 'secretHash'> => key;

function scopeOf({ traderIds, accountIds }: Pick<AccessKey, 'traderIds' | 'accountIds'>): string {
  const traders = traderIds?.map((id) => `trader ${id}`).join(', ');
  const accounts = accountIds?.map((id) => `account ${id}`).join(', ');
  if (traders === '' || accounts === '') return 'nothing';
  return [accounts, traders].filter((each) => each !== undefined).join(' of ') || 'everything';
}
