import type { Decimal } from '@core/contracts/primitives';
import { venueInWords } from '@core/operations/registry-acts/bound-acts';
import type { Command } from 'commander';
import { group, withSystem } from './cli.ts';
import { changing } from './consent.ts';
import { registryVerb } from './registry-verb.ts';
import type { OperatedSystem } from './system.ts';
import { table } from './table.ts';

interface Options {
  readonly account?: string;
  readonly integration?: string;
  readonly venue?: string;
  readonly instrument?: string;
}

/** `ops slippage …`: how far the price of a market order may slip. */
export function addSlippage(program: Command): void {
  const slippage = group(program, 'slippage', 'how far the price of a market order may slip before it is not sent');

  slippage
    .command('list', { isDefault: true })
    .description('the bounds that stand; where none does it is 0.5 percent for people and none for signals')
    .action(
      withSystem(async (system, output) => {
        const bounds = await boundsSet(system);
        const rows = bounds.map(({ whose, percent }) => [whose, `${percent} %`]);
        output.say(bounds, () => table(['whose', 'at most'], rows, 'no bounds: 0.5 % everywhere'));
      }),
    );

  changing(slippage.command('set <percent>'))
    .description('bound it, from what a user saw or a signal met, or take the bound away with none')
    .option('--account <id>', 'of one account, its signals included')
    .option('--integration <id>', 'of the signals of one ProQuant integration')
    .option('--venue <name>', 'of the accounts of a venue; without any of these of all')
    .option('--instrument <name>', 'with --venue: in this instrument only')
    .action(
      registryVerb<Options>('slippage set', ({ account, integration, venue, instrument }, [percent]) => ({
        ...{ percent, account, integration, venue, instrument },
      })),
    );
}

async function boundsSet(system: OperatedSystem): Promise<{ readonly whose: string; readonly percent: Decimal }[]> {
  const registry = await system.registry();
  const own = (kind: string, all: readonly { readonly id: string; readonly slippagePercent: Decimal | null }[]) =>
    all.flatMap(({ id, slippagePercent: percent }) => (percent === null ? [] : [{ whose: `${kind} ${id}`, percent }]));
  return [
    ...(await registry.slippage.bounds()).map(({ venue, instrument, percent }) => ({
      whose: venue === '*' ? 'everyone' : venueInWords(venue, instrument),
      percent,
    })),
    ...own('account', await registry.accounts()),
    ...own('integration', await registry.integrations()),
  ];
}
