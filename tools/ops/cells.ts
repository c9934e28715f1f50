import { CELL_PATTERN } from '@core/contracts/cell';
import { encryptedAddress } from '@core/operations/encrypted-address';
import { everyone, nobodyYet } from '@core/operations/whom';
import type { Registry } from '@core/registry/registry';
import type { Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { addCellsMove } from './move/move-command.ts';
import { shortTime } from './output.ts';
import { table } from './table.ts';

interface NewCell extends ConsentOptions {
  readonly gateway: string;
  readonly webhook: string;
  readonly session: string;
  readonly takesUnnamed?: true;
}

/** `ops cells …`: whole cores for some of the traders each. */
export function addCells(program: Command): void {
  const cells = group(program, 'cells', 'cores beside each other, each for some of the traders');

  cells
    .command('list', { isDefault: true })
    .description('every cell, how many traders live in it, and where it is reached; * is the one that is asked')
    .action(
      withSystem(async (system, output) => {
        const registry = await system.registry();
        const known = await knownCells(registry);
        const rows = known.map(({ cell, isAsked, traders, gateway, webhook, session }) => [
          ...[`${cell === '' ? '(no name)' : cell}${isAsked ? ' *' : ''}`, traders, gateway, webhook, session],
        ]);
        output.say(known, () => table(['cell', 'traders', 'gateway', 'webhook', 'session'], rows, 'no cells'));
      }),
    );

  cells
    .command('moves')
    .description('traders on their way from one cell to another, and how far each is')
    .action(
      withSystem(async (system, output) => {
        const { cells: known } = await system.registry();
        const underWay = await known.moves.all();
        const logins = await known.loginsOf(underWay.map(({ traderId }) => traderId));
        const moves = underWay.map(({ since, ...move }) => ({
          ...{ trader: logins.get(move.traderId) ?? move.traderId, ...move, since: since.toISOString() },
        }));
        const rows = moves.map(({ trader, from, to, stage, since }) => [trader, from, to, stage, shortTime(since)]);
        output.say(moves, () => table(['trader', 'from', 'to', 'stage', 'since'], rows, 'nobody is on the way'));
      }),
    );
  addCellsMove(cells);

  changing(cells.command('add <name>'))
    .description('name a cell and say where it is reached, or that it is reached elsewhere now')
    .requiredOption('--gateway <url>', 'its tv-gateway')
    .requiredOption('--webhook <url>', 'its proquant-webhook')
    .requiredOption('--session <url>', 'the WebSocket of its ws-session')
    .option('--takes-unnamed', 'it is the cell that had no name: whoever lives there lives in it')
    .action(
      withSystem<NewCell>(async (system, output, options, [name = '']) => {
        const { gateway, webhook, session, takesUnnamed } = options;
        if (!CELL_PATTERN.test(name))
          throw new BadInput(`${name} is no name of a cell: a small letter and up to 15 more or digits`);
        if (takesUnnamed && (await system.registry()).cells.cell !== name)
          throw new BadInput(`whoever takes the cell without a name is asked here: say it with CELL=${name}`);
        const cell = {
          ...{ name, gatewayUrl: encryptedAddress(gateway), webhookUrl: encryptedAddress(webhook) },
          sessionUrl: encryptedSocket(session),
        };
        const consent = await Consent.to(system, output, takesUnnamed ? everyone : nobodyYet, options);
        if (!consent) return;
        await system.change(consent, { what: 'cell', action: 'added', target: name }, async (registry) => {
          await registry.cells.put(cell);
          if (takesUnnamed) await registry.cells.takeUnnamed();
        });
        output.say(cell, () => `cell ${name}`);
      }),
    );
}

/** Those that are registered, and those that somebody lives in. */
async function knownCells({ cells }: Registry) {
  const registered = new Map((await cells.all()).map((cell) => [cell.name, cell]));
  const population = await cells.population();
  return [...new Set([...registered.keys(), ...population.keys(), cells.cell])].toSorted().map((cell) => ({
    ...{ cell, isAsked: cell === cells.cell, traders: population.get(cell) ?? 0 },
    gateway: registered.get(cell)?.gatewayUrl ?? null,
    webhook: registered.get(cell)?.webhookUrl ?? null,
    session: registered.get(cell)?.sessionUrl ?? null,
  }));
}

/** The same of a WebSocket. */
const encryptedSocket = (text: string): string => {
  encryptedAddress(text.replace(/^ws(s?):\/\//, 'http$1://'));
  if (!/^wss?:/.test(text)) throw new BadInput(`${text} is no address of a WebSocket: wss://host/path`);
  return text;
};
