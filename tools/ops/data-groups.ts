import type { DataGroup } from '@core/registry/data-feed-entities';
import { dataGroupFault } from '@core/registry/data-groups';
import type { Registry } from '@core/registry/registry';
import type { Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { inNoGroupInWords, instrumentsInNoGroup, type Offers } from './instruments-in-no-group.ts';
import { everyone, those } from '@core/operations/whom';
import type { OperatedSystem } from './system.ts';
import { table } from './table.ts';
import { traderMeant } from '@core/operations/trader-meant';

interface Content extends ConsentOptions {
  readonly instrument?: readonly string[];
  readonly empty?: true;
  readonly trader?: readonly string[];
  readonly everyone?: true;
}

/** `ops data groups …`: which instruments are shown to whom. */
export function addDataGroups(data: Command): void {
  const groups = group(data, 'groups', 'instruments whose data TradingView shows to some traders only');

  groups
    .command('list', { isDefault: true })
    .description('every group, what is in it and who sees it')
    .action(
      withSystem(async (system, output) => {
        const registry = await system.registry();
        const logins = new Map((await registry.traders()).map(({ id, login }) => [id, login]));
        const known = (await registry.dataFeed.groups()).map(({ id, instruments, traderIds }) => ({
          group: id,
          instruments,
          traders: traderIds?.map((trader) => logins.get(trader) ?? trader) ?? null,
        }));
        const rows = known.map((each) => [
          each.group,
          each.instruments.join(', '),
          each.traders?.join(', ') ?? 'everyone',
        ]);
        output.say(known, () => table(['group', 'instruments', 'traders'], rows, 'no groups: every trader sees all'));
      }),
    );

  changing(groups.command('put <group>'))
    .description('add a group or change one; TradingView never forgets one, so there is no taking it back')
    .option('--instrument <name...>', 'what is in it, instead of what was')
    .option('--empty', 'nothing is in it any more')
    .option('--trader <login...>', 'who sees it, instead of who did')
    .option('--everyone', 'every trader sees it')
    .action(
      withSystem<Content>(async (system, output, content, [id = '']) => {
        if (content.instrument && content.empty) throw new BadInput('say --instrument or --empty');
        if (content.trader && content.everyone) throw new BadInput('say --trader or --everyone');
        const registry = await system.registry();
        const groups = await registry.dataFeed.groups();
        const known = groups.find((each) => each.id === id);
        if (!known && !content.trader && !content.everyone)
          throw new BadInput(`${id} is new: say who sees it, --trader or --everyone`);
        const wanted = {
          id,
          instruments: content.empty ? [] : [...new Set(content.instrument ?? known?.instruments ?? [])],
          traderIds: await tradersIn(registry, content, known),
        };
        const fault = dataGroupFault(wanted, groups);
        if (fault !== null) throw new BadInput(fault);
        const offers = await offersOf(system, registry);
        const inNoGroup = instrumentsInNoGroup(wanted, groups, offers);
        for (const line of inNoGroupInWords(inNoGroup, offers)) console.error(line);
        const { traderIds } = wanted;
        const concerned = traderIds === null ? everyone : those((account) => traderIds.includes(account.traderId));
        const consent = await Consent.to(system, output, concerned, content);
        if (!consent) return;
        const act = { what: 'data-group', action: known ? 'changed' : 'added', target: id } as const;
        const put = await system.change(consent, act, ({ dataFeed }) => dataFeed.putGroup(wanted));
        output.say({ ...put, inNoGroup }, () => `${id}: ${put.instruments.join(', ') || 'nothing'}`);
      }),
    );
}

/** Whoever is asked for data speaks for one venue; which one is a setting of the gateway's. */
async function offersOf(system: OperatedSystem, registry: Registry): Promise<Offers> {
  const market = await system.market().catch(() => null);
  const venues = (await registry.brokers()).map(({ venue }) => venue);
  return new Map(
    await Promise.all(
      venues.map(async (venue) => {
        const snapshot = await market?.snapshot(venue);
        return [venue, snapshot?.instruments.map(({ instrument }) => instrument) ?? null] as const;
      }),
    ),
  );
}

async function tradersIn(registry: Registry, { trader, everyone }: Content, known: DataGroup | undefined) {
  if (everyone) return null;
  if (!trader) return known?.traderIds ?? null;
  return (await Promise.all(trader.map((login) => traderMeant(registry, login)))).map(({ id }) => id);
}
