import { LimitKind } from '@core/contracts/limit';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { stateAt } from '@core/projection-runner/state-at';
import { accountState, type AccountState } from '@core/projections/account';
import { Argument, type Command } from 'commander';
import { accountStates } from './account-states.ts';
import { group, withSystem } from './cli.ts';
import { changing } from './consent.ts';
import { shortTime } from './output.ts';
import { registryVerb } from './registry-verb.ts';
import type { OperatedSystem } from './system.ts';
import { table } from './table.ts';

interface Scope {
  readonly account?: string;
  readonly trader?: string;
}

/** One limit as it stands: whose, what it allows, and who said so. */
type LimitRow = { readonly whose: string; readonly limit: string } & NonNullable<
  AccountState['limits']['own'][LimitKind]
>;

/** `ops limits …`: the most that is allowed, for one account, for the accounts of a trader, or for every account. */
export function addLimits(program: Command): void {
  const limits = group(program, 'limits', 'what orders may not exceed: of an account, a trader or everyone');

  limits
    .command('list', { isDefault: true })
    .description('the limits that stand, and who set them')
    .action(
      withSystem(async (system, output) => {
        const rows = await limitsSet(system);
        const head = ['whose', 'limit', 'allowed', 'since', 'by', 'note'];
        output.say(rows, () =>
          table(
            head,
            rows.map(({ whose, limit, allowed, since, operator, note }) => [
              ...[whose, limit, allowed, shortTime(since), operator, note],
            ]),
          ),
        );
      }),
    );

  changing(limits.command('set'))
    .description('set a limit, or lift it with none; it holds for each account by itself')
    .addArgument(new Argument('<limit>').choices(LimitKind.options))
    .argument('<allowed>', 'lots, money of the account, percent, seconds or a number, as the limit says; or none')
    .option('--account <id>', 'one account; without it and --trader everyone')
    .option('--trader <login>', 'the accounts of one trader')
    .action(
      registryVerb<Scope>('limits set', ({ account, trader }, [limit, allowed]) => ({
        ...{ limit, allowed, account, trader },
      })),
    );
}

async function limitsSet(system: OperatedSystem): Promise<LimitRow[]> {
  const registry = await system.registry();
  const accounts = await registry.accounts();
  const logins = new Map((await registry.traders()).map(({ id, login }) => [id, login]));
  const all = await stateAt(system.log, accountState, SYSTEM_ACCOUNT);
  const states = await accountStates(
    system,
    accounts.map(({ id }) => id),
  );
  return [
    ...rowsOf('everyone', all.limits.own),
    ...Object.entries(all.limits.ofTraders).flatMap(([id, own]) => rowsOf(`trader ${logins.get(id) ?? id}`, own)),
    ...accounts.flatMap(({ id }) => rowsOf(`account ${id}`, states.get(id)?.limits.own ?? {})),
  ];
}

const rowsOf = (whose: string, limits: AccountState['limits']['own']): LimitRow[] =>
  LimitKind.options.flatMap((limit) => {
    const set = limits[limit];
    return set ? [{ whose, limit, ...set }] : [];
  });
