import { SYSTEM_ACCOUNT, type Uuid } from '@core/contracts/primitives';
import { ofTrader } from '@core/operations/whom';
import type { Trader } from '@core/registry/entities';
import { newId } from '@core/service/clock';
import type { Command } from 'commander';
import { BadInput } from '../bad-input.ts';
import { BadNews, withCells } from '../cli.ts';
import { changing, Consent, type ConsentOptions } from '../consent.ts';
import type { Output } from '../output.ts';
import type { CellsAtHand } from './cells-at-hand.ts';
import type { OperatedSystem } from '../system.ts';
import { FollowedAccount } from './followed-account.ts';
import { leftBehind } from './left-behind.ts';
import type { MoveStep } from './move-step.ts';
import { MoveStopped, Moving } from './moving.ts';

interface MoveOptions extends ConsentOptions {
  readonly to?: string;
  readonly takeBack?: true;
  readonly patience: string;
}

/** A connector lets go within a second; of one that died its lease is over by then. */
const CONNECTOR_MS = 15_000;

/** `ops cells move …`: a trader and everything that is theirs goes to another cell. */
export function addCellsMove(cells: Command): void {
  changing(cells.command('move <trader>'))
    .description('move a trader to another cell, or go on with a move that ended half-way; accounts wait meanwhile')
    .option('--to <cell>', 'the cell that they go to')
    .option('--take-back', 'have them stay where they are; possible until they live in the other cell')
    .option('--patience <seconds>', 'how long requests that are under way may take to come to their end', '60')
    .action(withCells<MoveOptions>((atHand, output, options, [trader = '']) => move(atHand, output, options, trader)));
}

async function move(atHand: CellsAtHand, output: Output, options: MoveOptions, text: string): Promise<void> {
  const requestsMs = Number(options.patience) * 1_000;
  if (!(requestsMs >= 0)) throw new BadInput(`${options.patience} is no number of seconds`);
  const registry = await atHand.any().registry();
  const trader = await registry.cells.traderAnywhere(text);
  if (!trader) throw new BadInput(`there is no trader ${text}`);
  const standing = await registry.cells.moves.of(trader.id);
  const home = await registry.cells.homeOf(trader.id);
  const way = standing ?? wayOf(trader, home, options);
  if (way === null)
    return output.say({ trader: trader.login, cell: home }, () => `${trader.login} lives in cell ${home}`);
  if (standing && options.to !== undefined && options.to !== standing.to)
    throw new BadInput(`${trader.login} is on the way to cell ${standing.to}: go on with that, or say --take-back`);

  const [from, to] = [atHand.of(way.from), atHand.of(way.to)];
  const notTaken = home === way.from ? await leftBehindOf(from, to) : [];
  if (notTaken.length > 0)
    console.error(`of cell ${way.from}, and not taken along to cell ${way.to}: ${notTaken.join('; ')}`);
  const consent = await Consent.to(
    { registry: () => atHand.of(home).registry() },
    output,
    ofTrader(trader.id),
    options,
  );
  if (!consent) return;
  const began = performance.now();
  const action = 'move-begun';
  if (!standing)
    await from.change(consent, { what: 'trader', action, target: trader.login }, (changed) =>
      changed.cells.moves.begin(way),
    );
  else if (options.takeBack && standing.stage !== 'returning') {
    if (standing.stage === 'arriving' || standing.stage === 'connecting')
      throw new BadInput(`${trader.login} lives in cell ${standing.to} already: finish it, and move back`);
    await from.change(consent, { what: 'trader', action: 'move-returning', target: trader.login }, (changed) =>
      changed.cells.moves.advance(standing, 'returning'),
    );
  }
  const say = stepsInWords(output);
  try {
    await new Moving({
      ...{ consent, from, to, login: trader.login, traderId: trader.id },
      ...{ requestsMs, connectorMs: CONNECTOR_MS, onStep: say },
    }).run();
  } catch (error) {
    if (!(error instanceof MoveStopped)) throw error;
    console.error(`ops: ${error.message}`);
    throw new BadNews();
  }
  const cell = await registry.cells.homeOf(trader.id);
  const ms = Math.round(performance.now() - began);
  const leftThere = cell === way.to ? notTaken : [];
  output.say(
    { trader: trader.login, cell, ms, leftBehind: leftThere },
    () => `${trader.login} lives in cell ${cell}; took ${ms} ms`,
  );
}

/** What holds for everyone in the one cell and not in the other, as both logs have it now. */
async function leftBehindOf(from: OperatedSystem, to: OperatedSystem): Promise<string[]> {
  const [here, there] = await Promise.all(
    [from, to].map(({ log }) => new FollowedAccount(log, SYSTEM_ACCOUNT).refresh()),
  );
  return here && there ? leftBehind(here.state, there.state) : [];
}

/** Null where they live there already. */
function wayOf(trader: Trader, home: string, { to, takeBack }: MoveOptions) {
  if (takeBack) throw new BadInput(`${trader.login} is not on the way anywhere`);
  if (to === undefined) throw new BadInput('--to says which cell');
  if (home === '')
    throw new BadInput('give the cell that they live in a name first: ops cells add NAME --takes-unnamed');
  const moveId: Uuid = newId();
  return home === to ? null : { traderId: trader.id, moveId, from: home, to };
}

/** A line for each kind of step as it begins; machines hear the outcome only. */
function stepsInWords(output: Output): (step: MoveStep) => void {
  let last = '';
  return (step) => {
    const line = WORDS[step.step === 'wait' ? step.for : step.step];
    if (line !== last && !output.json) console.error(line);
    last = line;
  };
}

const WORDS: Readonly<Record<Exclude<MoveStep['step'], 'wait'> | 'requests' | 'connector' | 'session', string>> = {
  begin: 'accounts take nothing new',
  requests: 'what was asked comes to its end',
  'stop-connecting': 'connectors are to let go',
  connector: 'a connector lets go',
  depart: 'accounts depart',
  expect: 'the other ledger expects them',
  copy: 'their past is taken over',
  'compare-and-flip': 'both logs are compared, and the trader lives in the other cell',
  arrive: 'accounts arrive',
  connect: 'connectors take them',
  session: 'a connector comes to their broker',
  'expect-no-more': 'nothing more is expected',
  'take-back': 'accounts stay',
  end: 'trading goes on',
};
