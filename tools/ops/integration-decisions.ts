import { IntegrationPolicy, policiesOf } from '@core/contracts/integration-policy';
import { onlyMatch } from '@core/operations/lookup';
import { stateAt } from '@core/projection-runner/state-at';
import { accountStrategies } from '@core/projections/strategies';
import type { Command } from 'commander';
import { acceptedAt } from './accepted-at.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, ofAccount, type ConsentOptions } from './consent.ts';
import { tickersOf } from './new-integration.ts';
import { facts } from './output.ts';

/** Every policy with its values, the first of which holds until someone decides. */
const POLICIES = IntegrationPolicy.options
  .map(({ shape }) => `${shape.policy.value} ${shape.value.options.join('|')}`)
  .join(', ');

/** `ops integrations map …` and `ops integrations policy …`: what its signals mean, and what holds for them. */
export function addIntegrationDecisions(integrations: Command): void {
  changing(integrations.command('map <integration> <mapping...>'))
    .description('what tickers mean from now on: XAUUSD=GOLD, or XAUUSD=GOLD:0.01 for units per quantity')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [text = '', ...mappings]) => {
        const { id, accountId } = onlyMatch(await (await system.registry()).integrations(), text, 'integration');
        const tickers = tickersOf(mappings);
        const consent = await Consent.to(system, output, ofAccount(accountId), options);
        if (!consent) return;
        const act = { what: 'integration', action: 'tickers-mapped', target: id } as const;
        await system.change(consent, act, (registry) => registry.mapTickers(id, tickers));
        output.say({ id, tickers }, () => `integration ${id}: ${mappings.join(' ')}`);
      }),
    );

  const policy = group(integrations, 'policy', 'what an operator decided about the signals of an integration');

  changing(policy.command('set <integration> <policy> <value>'))
    .description(`what is to hold for its signals: ${POLICIES}`)
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [text = '', name, value]) => {
        const { id, accountId } = onlyMatch(await (await system.registry()).integrations(), text, 'integration');
        const set = IntegrationPolicy.safeParse({ policy: name, value });
        if (!set.success) throw new BadInput(`${name} ${value} is none of ${POLICIES}`);
        const consent = await Consent.to(system, output, ofAccount(accountId), options);
        if (!consent) return;
        const data = { ...consent.decision, integrationId: id, set: set.data };
        const position = acceptedAt(await system.ask(consent, accountId, { type: 'SetIntegrationPolicy', data }));
        output.say({ id, ...set.data, position }, () => `integration ${id}: ${name} ${value}, at position ${position}`);
      }),
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
