import { Venue, type Decimal, type Instrument } from '@core/contracts/primitives';
import { compare, isNegative, parseDecimal } from '@core/kernel/decimal';
import type { SlippageScope } from '@core/registry/slippage-registry';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, everyone, ofAccount, those, type Concerned, type ConsentOptions } from './consent.ts';
import { onlyMatch } from '@core/operations/lookup';
import { table } from './table.ts';
import type { OperatedSystem } from './system.ts';

interface Options extends ConsentOptions {
  readonly account?: string;
  readonly integration?: string;
  readonly venue?: string;
  readonly instrument?: Instrument;
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
      withSystem<Options>(async (system, output, options, [text = '']) => {
        const percent = percentOf(text);
        const { scope, whose, concerned } = await scopeOf(system, options);
        const consent = await Consent.to(system, output, concerned, options);
        if (!consent) return;
        const act = { what: 'slippage', action: percent === null ? 'lifted' : 'set', target: whose } as const;
        await system.change(consent, act, (registry) => registry.slippage.set(scope, percent));
        const said = percent === null ? 'has no bound of its own any more' : `is at most ${percent} %`;
        output.say({ ...scope, percent }, () => `slippage of ${whose} ${said}`);
      }),
    );
}

async function scopeOf(
  system: OperatedSystem,
  { account, integration, venue, instrument }: Options,
): Promise<{ readonly scope: SlippageScope; readonly whose: string; readonly concerned: Concerned }> {
  if ([account, integration, venue].filter((each) => each !== undefined).length > 1)
    throw new BadInput('say one of --account, --integration and --venue');
  if (instrument !== undefined && venue === undefined) throw new BadInput('--instrument wants its --venue');
  if (account !== undefined) {
    const id = await accountNamed(system, account);
    return { scope: { of: 'account', account: id }, whose: `account ${id}`, concerned: ofAccount(id) };
  }
  const registry = await system.registry();
  if (integration !== undefined) {
    const { id, accountId } = onlyMatch(await registry.integrations(), integration, 'integration');
    const concerned = ofAccount(accountId);
    return { scope: { of: 'integration', integration: id }, whose: `integration ${id}`, concerned };
  }
  if (venue === undefined)
    return { scope: { of: 'venue', venue: '*', instrument: '' }, whose: 'everyone', concerned: everyone };
  const known = Venue.safeParse(venue).success && (await registry.brokers()).some((broker) => broker.venue === venue);
  if (!known) throw new BadInput(`there is no venue ${venue}`);
  const concerned = those((each) => each.venue === venue);
  return {
    scope: { of: 'venue', venue, instrument: instrument ?? '' },
    whose: named(venue, instrument ?? ''),
    concerned,
  };
}

function percentOf(text: string): Decimal | null {
  if (text === 'none') return null;
  const percent = parseDecimal(text);
  if (percent === null || isNegative(percent) || compare(percent, '100') >= 0)
    throw new BadInput(`${text} is no percentage below 100, nor none`);
  return percent;
}

async function boundsSet(system: OperatedSystem): Promise<{ readonly whose: string; readonly percent: Decimal }[]> {
  const registry = await system.registry();
  const own = (kind: string, all: readonly { readonly id: string; readonly slippagePercent: Decimal | null }[]) =>
    all.flatMap(({ id, slippagePercent: percent }) => (percent === null ? [] : [{ whose: `${kind} ${id}`, percent }]));
  return [
    ...(await registry.slippage.bounds()).map(({ venue, instrument, percent }) => ({
      whose: venue === '*' ? 'everyone' : named(venue, instrument),
      percent,
    })),
    ...own('account', await registry.accounts()),
    ...own('integration', await registry.integrations()),
  ];
}

const named = (venue: string, instrument: string): string =>
  instrument === '' ? `venue ${venue}` : `${instrument} at ${venue}`;
