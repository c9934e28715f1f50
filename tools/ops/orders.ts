import { brokersView, stuckRequests, type StuckRequest } from '@core/operations/stuck';
import { onlyMatch } from '@core/operations/lookup';
import { stateAt } from '@core/projection-runner/state-at';
import { accountOverview, type AccountOverview } from '@core/projections/overview';
import { openRequests } from '@core/projections/requests';
import type { AccountId } from '@core/contracts/primitives';
import { Option, type Command } from 'commander';
import { acceptedAt } from '@core/operations/accepted-at';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { ofAccount } from '@core/operations/whom';
import { facts, shortTime } from './output.ts';
import { LOOK_TIMEOUT_MS } from './look.ts';
import type { OperatedSystem } from './system.ts';

interface StuckOptions {
  readonly account?: string;
  readonly age: string;
  readonly look: boolean;
}

interface Verdict extends ConsentOptions {
  readonly as: 'executed' | 'not-executed';
  readonly evidence: string;
}

const AGE_S = '30';
const TEXT_MAX = 512;

/** `ops orders …`: what was asked of brokers and should have an outcome by now; also `ops order …`. */
export function addOrders(program: Command): void {
  const orders = group(program, 'orders', 'orders, changes, cancellations and closes without an outcome').alias(
    'order',
  );

  orders
    .command('stuck')
    .description('those that nobody knows the outcome of, or that wait too long: ours beside the broker’s view')
    .option('--account <id>', 'of one account only')
    .option('--age <seconds>', 'how long is too long', AGE_S)
    .option('--no-look', 'do not ask the broker')
    .action(
      withSystem<StuckOptions>(async (system, output, { account, age, look }) => {
        const waitedMs = Number(age) * 1_000;
        if (age.trim() === '' || !(waitedMs >= 0)) throw new BadInput(`--age is a number of seconds, not ${age}`);
        const stuck: (StuckRequest & { readonly broker: string })[] = [];
        for (const [id, overview] of await overviewsOf(system, account))
          stuck.push(...(await besideTheBrokers(system, id, overview, { waitedMs, look })));
        output.say(
          stuck,
          () => system.here(stuck.map(inWords).join('\n\n')) || 'every request has its outcome, or will in time',
        );
      }),
    );

  changing(orders.command('resolve <request>'))
    .description('settle an unknown outcome, after a look at the broker')
    .addOption(
      new Option('--as <outcome>', 'what the broker did').choices(['executed', 'not-executed']).makeOptionMandatory(),
    )
    .requiredOption('--evidence <text>', 'by what one can see it: the broker’s number, a page, who said so; recorded')
    .action(
      withSystem<Verdict>(async (system, output, options, [text = '']) => {
        const { evidence } = options;
        if (evidence.trim() === '' || evidence.length > TEXT_MAX)
          throw new BadInput(`--evidence says by what one can see it, in up to ${TEXT_MAX} characters`);
        const { id, wish, account } = onlyMatch(await openOf(system), text, 'open request');
        const consent = await Consent.to(system, output, ofAccount(account), options);
        if (!consent) return;
        const executed = options.as === 'executed';
        const data = { ...consent.decision, kind: wish.kind, requestId: id, executed, evidence };
        const position = acceptedAt(await system.ask(consent, account, { type: 'ResolveRequest', data }));
        output.say(
          { account, requestId: id, executed, position },
          () => `${wish.kind} ${id} is settled at position ${position}`,
        );
      }),
    );
}

async function accountsOf(system: OperatedSystem, named?: string): Promise<readonly AccountId[]> {
  if (named !== undefined) return [await accountNamed(system, named)];
  return (await (await system.registry()).accounts()).map(({ id }) => id);
}

async function overviewsOf(
  system: OperatedSystem,
  named?: string,
): Promise<readonly (readonly [AccountId, AccountOverview])[]> {
  const overviews: (readonly [AccountId, AccountOverview])[] = [];
  for (const id of await accountsOf(system, named))
    overviews.push([id, await stateAt(system.log, accountOverview, id)]);
  return overviews;
}

async function besideTheBrokers(
  system: OperatedSystem,
  account: AccountId,
  overview: AccountOverview,
  { waitedMs, look }: { readonly waitedMs: number; readonly look: boolean },
): Promise<(StuckRequest & { readonly broker: string })[]> {
  const stuck = stuckRequests(account, overview, { nowMs: Date.now(), waitedMs });
  if (stuck.length === 0) return [];
  const found = look ? await system.look(account, LOOK_TIMEOUT_MS) : null;
  return stuck.map((each) => ({ ...each, broker: found ? brokersView(each.request, overview, found) : 'not asked' }));
}

function inWords({ account, request, since, attempts, next, broker }: StuckRequest & { broker: string }): string {
  const { id, wish, status, cause, requester, connector } = request;
  return facts([
    ['request', `${wish.kind} ${id}`],
    ['account', account],
    ['asked', `${shortTime(since)}, by ${requester.edge}`],
    ['age', `${Math.round((Date.now() - Date.parse(since)) / 1_000)} s`],
    ['sent', attempts === 0 ? 'not yet' : `once, by ${connector ?? 'nobody'}`],
    ['ours', cause === null ? status : `${status}: ${cause}`],
    ['broker', broker],
    ['next', next],
  ]);
}

async function openOf(system: OperatedSystem) {
  const open = [];
  for (const account of await accountsOf(system)) {
    const state = await stateAt(system.log, openRequests, account);
    open.push(...Object.values(state).map((request) => ({ account, ...request })));
  }
  return open;
}
