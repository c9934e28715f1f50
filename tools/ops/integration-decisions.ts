import { policiesOf } from '@core/contracts/integration-policy';
import { onlyMatch } from '@core/operations/lookup';
import { POLICIES } from '@core/operations/registry-acts/integration-acts';
import { stateAt } from '@core/projection-runner/state-at';
import { accountStrategies } from '@core/projections/strategies';
import type { Command } from 'commander';
import { group, withSystem } from './cli.ts';
import { changing } from './consent.ts';
import { facts } from './output.ts';
import { registryVerb } from './registry-verb.ts';

/** `ops integrations map …` and `ops integrations policy …`: what its signals mean, and what holds for them. */
export function addIntegrationDecisions(integrations: Command): void {
  changing(integrations.command('map <integration> <mapping...>'))
    .description('what tickers mean from now on: XAUUSD=GOLD, or XAUUSD=GOLD:0.01 for units per quantity')
    .action(
      registryVerb('integrations map', (_options: object, [integration, ...tickers]) => ({ integration, tickers })),
    );

  const policy = group(integrations, 'policy', 'what an operator decided about the signals of an integration');

  changing(policy.command('set <integration> <policy> <value>'))
    .description(`what is to hold for its signals: ${POLICIES}`)
    .action(
      registryVerb('integrations policy', (_options: object, [integration, name, value]) => ({
        ...{ integration, policy: name, value },
      })),
    );

  policy
    .command('show <integration>')
    .description('what holds for its signals')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const { id, accountId } = onlyMatch(await (await system.registry()).integrations(), text, 'integration');
        const { policies } = await stateAt(system.log, accountStrategies, accountId);
        const held = policiesOf(policies, id);
        output.say({ id, ...held }, () => facts(Object.entries(held)));
      }),
    );
}
