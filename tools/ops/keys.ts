import { publicKey } from '@core/operations/registry-acts/registered';
import { onlyMatch } from '@core/operations/lookup';
import type { RegisteredAccount } from '@core/registry/entities';
import { isWithin, scopesOf } from '@core/registry/key-scope';
import type { Registry } from '@core/registry/registry';
import type { Command } from 'commander';
import { group, withSystem } from './cli.ts';
import { changing } from './consent.ts';
import { facts, shortTime } from './output.ts';
import { registryVerb } from './registry-verb.ts';
import { table } from './table.ts';

interface NewKey extends Ending {
  readonly trader?: readonly string[];
  readonly account?: readonly string[];
  readonly all?: true;
  readonly prices?: true;
  readonly trade?: true;
  readonly sessions?: string;
  readonly rate?: string;
}

interface Ending {
  readonly expires?: string;
}

interface Rotation extends Ending {
  readonly overlap: string;
}

const EXPIRES = '--expires <time>';
const NEVER = 'never';

/** `ops keys …`: keys of the WebSocket feed. */
export function addKeys(program: Command): void {
  const keys = group(program, 'keys', 'keys of the WebSocket feed');

  keys
    .command('list', { isDefault: true })
    .description('every key, what it may see and do, and until when; never its secret')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).keys.all()).map(publicKey);
        const rows = known.map((key) => [
          ...[key.id, key.name, stateOf(key), scopeOf(key)],
          ...[rightsOf(key), timeOf(key.expiresAt), key.sessionsMax],
        ]);
        const head = ['key', 'name', 'state', 'sees', 'may', 'ends', 'sessions'];
        output.say(known, () => table(head, rows, 'no keys: ops keys add'));
      }),
    );

  keys
    .command('show <key>')
    .description('one key, and every account that it sees')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const registry = await system.registry();
        const key = publicKey(onlyMatch(await registry.keys.all(), text, 'key'));
        const accounts = await accountsOf(registry, key);
        output.say({ ...key, accounts }, () => {
          const about = facts([
            ...([
              ['key', key.id],
              ['name', key.name],
              ['state', stateOf(key)],
              ['may', rightsOf(key)],
            ] as const),
            ...([
              ['ends', timeOf(key.expiresAt)],
              ['secret before', overlapOf(key)],
            ] as const),
            ...([
              ['sessions', key.sessionsMax],
              ['messages a second', key.messagesPerSecond],
            ] as const),
          ]);
          const rows = accounts.map(({ id, trader, venue, brokerLogin, mode }) => [
            id,
            trader,
            venue,
            brokerLogin,
            mode,
          ]);
          const seen = table(['account', 'trader', 'venue', 'login', 'mode'], rows, 'it sees no account');
          return `${about}\n\n${seen}`;
        });
      }),
    );

  changing(keys.command('add <name>'))
    .description('make a key; its secret is shown this once')
    .option('--trader <login...>', 'sees all accounts of these traders')
    .option('--account <id...>', 'sees these accounts; beside --trader, those of them that are theirs')
    .option('--all', 'sees every account, also later ones')
    .option('--prices', 'gets quotes too')
    .option('--trade', 'may place, change, cancel and close on what it sees')
    .option(EXPIRES, 'its end, in UTC unless a zone is named')
    .option('--sessions <count>', 'its live sessions over all instances, instead of the usual number')
    .option('--rate <count>', 'frames a second from each of its sessions, instead of the usual number')
    .action(
      registryVerb<NewKey>(
        'keys add',
        ({ trader: traders, account: accounts, all, prices, trade, expires, sessions, rate }, [name]) => ({
          ...{ name, traders, accounts, all, prices, trade, expires, sessions, rate },
        }),
      ),
    );

  changing(keys.command('rotate <key>'))
    .description('give a key a new secret, shown this once; the one before is good for a while')
    .option('--overlap <hours>', 'how long both are good', '24')
    .option(EXPIRES, `the end of the key from now on, or ${NEVER}; otherwise it stays`)
    .action(
      registryVerb<Rotation>('keys rotate', ({ overlap: overlapHours, expires }, [key]) => ({
        ...{ key, overlapHours, expires },
      })),
    );

  changing(keys.command('revoke <key>'))
    .description('end a key and every session that uses it')
    .action(registryVerb('keys revoke', (_options: object, [key]) => ({ key })));
}

type PublicKey = ReturnType<typeof publicKey>;

const timeOf = (date: Date | null): string => (date === null ? NEVER : shortTime(date.toISOString()));

const rightsOf = (key: PublicKey): string => scopesOf(key).join(', ');

function stateOf({ revoked, expiresAt }: PublicKey): 'revoked' | 'ended' | 'live' {
  if (revoked) return 'revoked';
  return expiresAt !== null && expiresAt.getTime() <= Date.now() ? 'ended' : 'live';
}

const overlapOf = ({ previousUntil }: PublicKey): string =>
  previousUntil !== null && previousUntil.getTime() > Date.now()
    ? `good until ${shortTime(previousUntil.toISOString())}`
    : 'not good any more';

async function accountsOf(
  registry: Registry,
  key: PublicKey,
): Promise<(RegisteredAccount & { readonly trader: string })[]> {
  const logins = new Map((await registry.traders()).map(({ id, login }) => [id, login]));
  const seen = (await registry.accounts()).filter(({ id, traderId }) => isWithin(key, id, traderId));
  return seen.map((account) => ({ ...account, trader: logins.get(account.traderId) ?? account.traderId }));
}

function scopeOf({ traderIds, accountIds }: PublicKey): string {
  const traders = traderIds?.map((id) => `trader ${id}`).join(', ');
  const accounts = accountIds?.map((id) => `account ${id}`).join(', ');
  if (traders === '' || accounts === '') return 'nothing';
  return [accounts, traders].filter((each) => each !== undefined).join(' of ') || 'everything';
}
