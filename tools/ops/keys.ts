import { subjects } from '@core/contracts/subjects';
import type { AccessKey, RegisteredAccount } from '@core/registry/entities';
import { isWithin, scopesOf } from '@core/registry/key-scope';
import type { Registry } from '@core/registry/registry';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, everyone, those, type Concerned, type ConsentOptions } from './consent.ts';
import { onlyMatch } from '@core/operations/lookup';
import { momentFromText } from './moment.ts';
import { facts, shortTime } from './output.ts';
import { table } from './table.ts';
import { traderNamed } from './traders.ts';

interface NewKey extends Ending {
  readonly trader?: readonly string[];
  readonly account?: readonly string[];
  readonly all?: true;
  readonly prices?: true;
  readonly trade?: true;
  readonly sessions?: string;
  readonly rate?: string;
}

interface Ending extends ConsentOptions {
  readonly expires?: string;
}

interface Rotation extends Ending {
  readonly overlap: string;
}

const HOUR_MS = 3_600_000;
const OVERLAP_HOURS_MAX = 720;
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
        const known = (await (await system.registry()).accessKeys()).map(publicPartOf);
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
        const key = publicPartOf(onlyMatch(await registry.accessKeys(), text, 'key'));
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
      withSystem<NewKey>(async (system, output, asked, [name = '']) => {
        if (name.trim() === '' || name.length > 64) throw new BadInput('a key has a name of up to 64 characters');
        if ((asked.all === undefined) === (asked.trader === undefined && asked.account === undefined))
          throw new BadInput('say what the key may see: --trader, --account, or --all');
        const [expiresAt, sessionsMax] = [endOf(asked.expires), countOf('--sessions', asked.sessions, 10_000)];
        const messagesPerSecond = countOf('--rate', asked.rate, 1_000);
        const registry = await system.registry();
        const traders = asked.trader && (await Promise.all(asked.trader.map((login) => traderNamed(registry, login))));
        const accounts = asked.account && (await Promise.all(asked.account.map((id) => accountNamed(system, id))));
        const wanted = {
          name,
          traderIds: traders?.map(({ id }) => id) ?? null,
          accountIds: accounts ?? null,
          prices: asked.prices === true,
          trade: asked.trade === true,
          ...{ expiresAt, sessionsMax, messagesPerSecond },
        };
        const consent = await Consent.to(system, output, seenBy(wanted), asked);
        if (!consent) return;
        const act = { what: 'key', action: 'added', target: (made: { key: AccessKey }) => made.key.id } as const;
        const { key, secret } = await system.change(consent, act, (changed) => changed.addAccessKey(wanted));
        output.say({ ...publicPartOf(key), secret }, () => `key ${key.id}\nsecret ${secret}  (shown this once)`);
      }),
    );

  changing(keys.command('rotate <key>'))
    .description('give a key a new secret, shown this once; the one before is good for a while')
    .option('--overlap <hours>', 'how long both are good', '24')
    .option(EXPIRES, `the end of the key from now on, or ${NEVER}; otherwise it stays`)
    .action(
      withSystem<Rotation>(async (system, output, options, [text = '']) => {
        const { overlap, expires } = options;
        const hours = Number(overlap);
        if (!(hours >= 0 && hours <= OVERLAP_HOURS_MAX) || overlap.trim() === '')
          throw new BadInput(`--overlap is a number of hours up to ${OVERLAP_HOURS_MAX}`);
        const registry = await system.registry();
        const known = onlyMatch(await registry.accessKeys(), text, 'key');
        const expiresAt = expires === undefined ? known.expiresAt : endOf(expires);
        const consent = await Consent.to(system, output, seenBy(known), options);
        if (!consent) return;
        const act = { what: 'key', action: 'rotated', target: known.id } as const;
        const { key, secret } = await system.change(consent, act, (changed) =>
          changed.rotateAccessKey(known.id, { overlapEnds: new Date(Date.now() + hours * HOUR_MS), expiresAt }),
        );
        output.say({ ...publicPartOf(key), secret }, () =>
          [`key ${key.id}`, `secret ${secret}  (shown this once)`, `secret before: ${overlapOf(key)}`].join('\n'),
        );
      }),
    );

  changing(keys.command('revoke <key>'))
    .description('end a key and every session that uses it')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [text = '']) => {
        const known = onlyMatch(await (await system.registry()).accessKeys(), text, 'key');
        const { id } = known;
        const consent = await Consent.to(system, output, seenBy(known), options);
        if (!consent) return;
        const act = { what: 'key', action: 'revoked', target: id } as const;
        await system.change(consent, act, (registry) => registry.revokeAccessKey(id));
        await system.tell(subjects.keyRevoked, { keyId: id });
        output.say({ id, revoked: true }, () => `key ${id} is revoked`);
      }),
    );
}

/** Whose accounts a key opens. */
const seenBy = (key: Pick<AccessKey, 'traderIds' | 'accountIds'>): Concerned =>
  key.traderIds === null && key.accountIds === null
    ? everyone
    : those(({ id, traderId }) => isWithin(key, id, traderId));

type PublicKey = Omit<AccessKey, 'secretHash' | 'previousHash'>;

const publicPartOf = ({ secretHash: _hash, previousHash: _before, ...key }: AccessKey): PublicKey => key;

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

/** Null without an end. */
function endOf(text: string | undefined): Date | null {
  if (text === undefined || text === NEVER) return null;
  const ms = momentFromText(text);
  if (ms === null || ms <= Date.now()) throw new BadInput(`${text} is no time to come, such as 2030-01-05T10:00`);
  return new Date(ms);
}

function countOf(option: string, text: string | undefined, max: number): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > max)
    throw new BadInput(`${option} is a number from 1 to ${max}`);
  return count;
}

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
