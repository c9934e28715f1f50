import { openRequests, type OpenRequest } from '@core/projections/requests';
import { stateAt } from '@core/projection-runner/state-at';
import type { AccountId } from '@core/contracts/primitives';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { acceptedAt } from './accepted-at.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { onlyMatch } from './lookup.ts';
import { requestTable } from './state.ts';
import type { OperatedSystem } from './system.ts';
import { decided, decisionOf, type DecisionOptions } from './trading.ts';

interface Verdict extends DecisionOptions {
  readonly executed?: true;
  readonly notExecuted?: true;
}

/** `ops requests …`: wishes towards brokers of which nobody knows what became. */
export function addRequests(program: Command): void {
  const requests = group(program, 'requests', 'what was asked of brokers and has no outcome');

  requests
    .command('unknown')
    .description('requests that were sent and whose outcome nobody knows')
    .option('--account <id>', 'of one account only')
    .action(
      withSystem<{ account?: string }>(async (system, output, options) => {
        const unknown = (await openOf(system, options.account)).filter(({ status }) => status === 'unknown');
        output.say(unknown, () => requestTable(unknown));
      }),
    );

  decided(requests.command('resolve <request>').description('settle an unknown outcome, after a look at the broker'))
    .option('--executed', 'the broker did it')
    .option('--not-executed', 'the broker never did it')
    .action(
      withSystem<Verdict>(async (system, output, options, [text = '']) => {
        if ((options.executed === true) === (options.notExecuted === true))
          throw new BadInput('say what the broker did: --executed or --not-executed');
        const { id, wish, account } = onlyMatch(await openOf(system), text, 'open request');
        const executed = options.executed === true;
        const data = { ...decisionOf(options), kind: wish.kind, requestId: id, executed };
        const position = acceptedAt(await system.ask(account, { type: 'ResolveRequest', data }));
        output.say(
          { account, requestId: id, executed, position },
          () => `${wish.kind} ${id} is settled at position ${position}`,
        );
      }),
    );
}

async function openOf(
  system: OperatedSystem,
  named?: string,
): Promise<(OpenRequest & { readonly account: AccountId })[]> {
  const accounts =
    named === undefined
      ? (await (await system.registry()).accounts()).map(({ id }) => id)
      : [await accountNamed(system, named)];
  const open: (OpenRequest & { readonly account: AccountId })[] = [];
  for (const account of accounts) {
    const state = await stateAt(system.log, openRequests, account);
    open.push(...Object.values(state).map((request) => ({ account, ...request })));
  }
  return open;
}
