import { LimitKind } from '@core/contracts/limit';
import { parseDecimal, isNegative } from '@core/kernel/decimal';
import { SYSTEM_ACCOUNT, type AccountId, type Decimal, type TraderId } from '@core/contracts/primitives';
import { stateAt } from '@core/projection-runner/state-at';
import { accountState, type AccountState } from '@core/projections/account';
import { Argument, type Command } from 'commander';
import { acceptedAt } from './accepted-at.ts';
import { accountNamed } from './account-named.ts';
import { accountStates } from './account-states.ts';
import { BadInput } from './bad-input.ts';
import { changing, Consent, ofAccount, ofTrader, type ConsentOptions } from './consent.ts';
import { group, withSystem } from './cli.ts';
import { shortTime } from './output.ts';
import { table } from './table.ts';
import type { OperatedSystem } from './system.ts';
import { traderNamed } from './traders.ts';

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
      withSystem<Scope & ConsentOptions>(async (system, output, options, [kind, text = '']) => {
        const limit = LimitKind.parse(kind);
        const { account, traderId, whose } = await scopeOf(system, options);
        const allowed = allowedOf(text);
        const whom = traderId === null ? ofAccount(account) : ofTrader(traderId);
        const consent = await Consent.to(system, output, whom, options);
        if (!consent) return;
        const data = { ...consent.decision, limit, traderId, allowed };
        const position = acceptedAt(await system.ask(consent, account, { type: 'SetLimit', data }));
        const said = allowed === null ? 'is not limited any more' : `is at most ${allowed}`;
        output.say(
          { account, traderId, limit, allowed, position },
          () => `${limit} of ${whose} ${said}, at position ${position}`,
        );
      }),
    );
}

async function scopeOf(
  system: OperatedSystem,
  { account, trader }: Scope,
): Promise<{ readonly account: AccountId; readonly traderId: TraderId | null; readonly whose: string }> {
  if (account !== undefined && trader !== undefined) throw new BadInput('say --account or --trader, not both');
  if (account !== undefined) {
    const id = await accountNamed(system, account);
    return { account: id, traderId: null, whose: `account ${id}` };
  }
  if (trader === undefined) return { account: SYSTEM_ACCOUNT, traderId: null, whose: 'everyone' };
  const { id, login } = await traderNamed(await system.registry(), trader);
  return { account: SYSTEM_ACCOUNT, traderId: id, whose: `trader ${login}` };
}

function allowedOf(text: string): Decimal | null {
  if (text === 'none') return null;
  const allowed = parseDecimal(text);
  if (allowed === null || isNegative(allowed)) throw new BadInput(`${text} is no number of zero or more, nor none`);
  return allowed;
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
